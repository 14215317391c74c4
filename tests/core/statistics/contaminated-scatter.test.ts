import { expect, test } from 'vitest';
import { createRandom } from '../../../src/core/base/random.ts';
import { pooledScatter, type ScatterOfGroup } from '../../../src/core/statistics/contaminated-scatter.ts';
import { drawNormal } from '../../../src/core/statistics/draw-normal.ts';

const pair = (difference: number, isCertain = false): ScatterOfGroup => ({
  squares: difference ** 2 / 2,
  degreesOfFreedom: 1,
  isCertain,
});
const sigmaOf = (groups: readonly ScatterOfGroup[]) => {
  const { squares, degreesOfFreedom } = pooledScatter(groups);
  return Math.sqrt(squares / degreesOfFreedom);
};
const baseline: ScatterOfGroup = { squares: 2, degreesOfFreedom: 2, isCertain: true };

test('a pair of runs of which one diverged leaves sigma what the others show', () => {
  const others = [baseline, ...[1.2, -0.8, 1.6, 0.4, -1.9].map((difference) => pair(difference))];
  for (const gap of [15, 50, 1e3, 1e6]) expect(pooledScatter([...others, pair(gap)])).toEqual(pooledScatter(others));
  expect(pooledScatter(others)).toMatchObject({ degreesOfFreedom: 7 });
});

test('where everything scatters, sigma is that of all', () => {
  const wide = [12, -9, 15, 7, -11, 14].map((difference) => pair(difference));
  const plain = Math.sqrt(wide.reduce((sum, { squares }) => sum + squares, 0) / wide.length);
  expect(sigmaOf(wide)).toBe(plain);
});

test('groups that are certain count whole', () => {
  const wide = pair(60, true);
  expect(pooledScatter([baseline, pair(1), wide]).squares).toBeGreaterThan(wide.squares * 0.9);
});

test('of a normal noise hardly a group is taken for wide, whatever the unit', () => {
  for (const unit of [1e-9, 1, 1e6]) {
    const { unit: draw } = createRandom('scatter');
    const groups = Array.from({ length: 400 }, () => pair(unit * Math.SQRT2 * drawNormal(draw)));
    const plain = Math.sqrt(groups.reduce((sum, { squares }) => sum + squares, 0) / groups.length);
    expect(sigmaOf(groups) / plain).toBeGreaterThan(0.98);
  }
});

test('equal scores are no noise', () => {
  expect(pooledScatter([pair(0), pair(0)])).toEqual({ squares: 0, degreesOfFreedom: 2 });
});
