import { expect, test } from 'vitest';
import { fitHalfNormal, normalCdf } from '../../../src/core/statistics/normal.ts';

// From published tables of the normal distribution.
test.each([
  [0, 0.5],
  [1, 0.841344746],
  [-1.281551566, 0.1],
  [1.644853627, 0.95],
  [1.959963985, 0.975],
  [-2.326347874, 0.01],
  [3, 0.998650102],
])('P(Z <= %d) is %d', (z, p) => {
  expect(normalCdf(z)).toBeCloseTo(p, 7);
});

test('a far tail keeps its relative accuracy', () => {
  expect(normalCdf(-6) / 9.865876450377e-10).toBeCloseTo(1, 6);
  expect(normalCdf(-10) / 7.619853024161e-24).toBeCloseTo(1, 6);
});

/** The integral over effects above zero, in steps small enough for six digits. */
function integrate(
  scale: number,
  offset: number,
  variance: number,
): readonly [mass: number, mean: number, square: number] {
  const step = scale / 2000;
  let [mass, first, second] = [0, 0, 0];
  for (let effect = step / 2; effect < 12 * scale; effect += step) {
    const prior = (2 * Math.exp((-0.5 * effect * effect) / (scale * scale))) / (Math.sqrt(2 * Math.PI) * scale);
    const share = step * prior * Math.exp((-0.5 * (offset - effect) ** 2) / variance);
    mass += share;
    first += share * effect;
    second += share * effect * effect;
  }
  return [mass, first / mass, second / mass];
}

test.each([
  [0.5, 0, 1],
  [1, 1.5, 0.3],
  [2, -1, 0.5],
  [4, 6, 1.2],
])(
  'effects %d wide that meet a mean at %d with variance %d have the likelihood and moments of their integral',
  (scale, offset, variance) => {
    const fit = fitHalfNormal(scale, offset, variance);
    const [likelihood, mean, square] = integrate(scale, offset, variance);
    expect(fit.likelihood / likelihood).toBeCloseTo(1, 5);
    expect(fit.mean / mean).toBeCloseTo(1, 5);
    expect(fit.square / square).toBeCloseTo(1, 5);
  },
);
