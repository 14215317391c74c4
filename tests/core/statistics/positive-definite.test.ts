import { expect, test } from 'vitest';
import { createRandom } from '../../../src/core/base/random.ts';
import { invertPositiveDefinite } from '../../../src/core/statistics/positive-definite.ts';

test('a matrix times its inverse is the identity', () => {
  const random = createRandom('positive definite');
  const size = 12;
  const root = Array.from({ length: size }, () => Array.from({ length: size }, () => random.unit() - 0.5));
  const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  const matrix = root.map((a, i) => root.map((b, j) => product(a, b) + (i === j ? 0.1 : 0)));
  const inverse = invertPositiveDefinite(matrix);
  for (const [i, row] of matrix.entries()) {
    for (const [j, column] of inverse.entries()) expect(product(row, column)).toBeCloseTo(i === j ? 1 : 0, 8);
  }
});

test('only the lower triangle is read', () => {
  const inverse = invertPositiveDefinite([
    [4, Number.NaN],
    [2, 3],
  ]);
  expect(inverse.map((row) => [...row].map((value) => Number(value.toFixed(9))))).toEqual([
    [0.375, -0.25],
    [-0.25, 0.5],
  ]);
});

test('a matrix that is not positive definite is a bug', () => {
  expect(() =>
    invertPositiveDefinite([
      [1, 2],
      [2, 1],
    ]),
  ).toThrow('positive definite');
});
