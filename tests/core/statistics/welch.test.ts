import { describe, expect, it } from 'vitest';
import { welch } from '../../../src/core/statistics/welch.ts';

describe('the difference of two means', () => {
  // scipy.stats.ttest_ind(a, b, equal_var=False) and its confidence_interval().
  it('is what scipy finds', () => {
    const found = welch([3.1, 2.9, 3.4, 3.0, 3.3], [2.1, 2.8, 1.9, 2.6, 2.4, 2.2]);
    expect(found?.difference).toBeCloseTo(0.806666666667, 10);
    expect(found?.degreesOfFreedom).toBeCloseTo(8.45263087308, 8);
    expect(found?.p).toBeCloseTo(0.00101065911675, 8);
    expect(found?.interval[0]).toBeCloseTo(0.430945629763, 8);
    expect(found?.interval[1]).toBeCloseTo(1.18238770357, 8);
  });

  // scipy.stats.ttest_ind([1, 2], [5, 8], equal_var=False).
  it('of two runs each has an error bar already', () => {
    const found = welch([1, 2], [5, 8]);
    expect(found?.difference).toBe(-5);
    expect(found?.degreesOfFreedom).toBeCloseTo(1.21951219512, 10);
    expect(found?.p).toBeCloseTo(0.157758096877, 8);
  });

  it('has the degrees of freedom of one sample when the other has no spread', () => {
    expect(welch([1, 1, 1, 1], [2, 4, 3])?.degreesOfFreedom).toBeCloseTo(2, 12);
  });

  it('of single runs, or of runs that agree to the last digit, has no error bar', () => {
    expect(welch([1], [2, 3])).toBeUndefined();
    expect(welch([2, 3], [1])).toBeUndefined();
    expect(welch([1, 1], [2, 2])).toBeUndefined();
  });
});
