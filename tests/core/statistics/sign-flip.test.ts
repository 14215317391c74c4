import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.ts';
import { signFlipP } from '../../../src/core/statistics/sign-flip.ts';

/** By counting all patterns one by one. */
function counted(differences: readonly number[]): number {
  const seen = Math.abs(differences.reduce((sum, each) => sum + each, 0));
  let count = 0;
  for (let pattern = 0; pattern < 2 ** differences.length; pattern++) {
    const sum = differences.reduce((total, each, index) => total + ((pattern >> index) & 1 ? -each : each), 0);
    if (Math.abs(sum) >= seen - 1e-9) count += 1;
  }
  return count / 2 ** differences.length;
}

describe('the sign-flip test', () => {
  it('counts every pattern of signs', () => {
    const random = createRandom('sign flips');
    for (let round = 0; round < 50; round++) {
      const differences = Array.from({ length: random.whole(6, 11) }, () => random.unit() - 0.3);
      expect(signFlipP(differences)).toBeCloseTo(counted(differences), 12);
    }
  });

  it('counts patterns that tie with the one seen', () => {
    const differences = [1, 1, -1, 2, 2, 1];
    expect(signFlipP(differences)).toBe(counted(differences));
  });

  it('of six pairs that all agree gives 2 of 64', () => {
    expect(signFlipP([3, 1, 2, 5, 4, 6])).toBe(2 / 64);
  });

  it('of differences that cancel gives 1', () => {
    expect(signFlipP([1, -1, 2, -2, 3, -3])).toBe(1);
    expect(signFlipP([0, 0, 0, 0, 0, 0])).toBe(1);
  });

  it('counts forty pairs exactly', () => {
    expect(signFlipP(Array.from({ length: 40 }, () => 1))).toBe(2 / 2 ** 40);
  });

  it('says nothing of fewer pairs than could ever reach .05', () => {
    expect(signFlipP([1, 1, 1, 1, 1])).toBeUndefined();
  });
});
