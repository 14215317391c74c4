import { expect, it } from 'vitest';
import { studentCdf, studentQuantile } from '../../../src/core/statistics/student-t.ts';

// From published tables of the t distribution, to their last digit.
it.each([
  [0.975, 1, 12.7062],
  [0.975, 2, 4.302653],
  [0.975, 5, 2.570582],
  [0.975, 10, 2.228139],
  [0.975, 30, 2.042272],
  [0.975, 100, 1.983972],
  [0.95, 4, 2.131847],
  [0.99, 3, 4.540703],
  [0.9, 10, 1.372184],
  [0.8, 2, 1.06066],
  [0.9995, 1, 636.619249],
  [0.025, 10, -2.228139],
])('the quantile of %d with %d degrees of freedom is %d', (p, df, t) => {
  const digits = String(t).split('.')[1]?.length ?? 0;
  expect(studentQuantile(p, df)).toBeCloseTo(t, Math.min(digits, 6));
});

it('the median is zero', () => {
  for (const df of [1, 2, 10, 1000]) expect(studentQuantile(0.5, df)).toBeCloseTo(0, 6);
});

it('one degree of freedom is the Cauchy distribution', () => {
  for (const t of [-30, -1, 0.3, 2, 100]) expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
});

it('many degrees of freedom are the normal distribution', () => {
  expect(studentQuantile(0.975, 1e7)).toBeCloseTo(1.959964, 5);
});

it('the distribution is symmetric, and the quantile is the inverse of the distribution', () => {
  for (const df of [1, 3, 17, 250]) {
    for (const t of [0.1, 0.7, 1.96, 5]) {
      expect(studentCdf(-t, df)).toBeCloseTo(1 - studentCdf(t, df), 12);
      expect(studentQuantile(studentCdf(t, df), df)).toBeCloseTo(t, 7);
    }
  }
});
