import { expect, it } from 'vitest';
import { quantile } from '../../../src/core/statistics/quantile.ts';

it('a quantile lies on the straight line between the two numbers around it', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([1, 2, 4, 8, 16], share))).toEqual([1, 2, 4, 12.8, 16]);
  expect([quantile([3], 0.7), quantile([], 0.5)]).toEqual([3, 0]);
});
