/**
 * How well each shape of the effect mixture explains the runs of one candidate, in closed form.
 *
 * The same mixture as on the grid of `effects.ts`, without the grid, which is faster: for what is worked out for every
 * experiment again and again.
 */

import { fitHalfNormal } from '../../../statistics/normal.ts';
import { halfShapes, maxEffect } from './effects.ts';
import type { Moments } from './posterior.ts';

/** By shape, `nothing` first: the likelihood, and the effect's first two moments under it. */
export interface Likelihoods {
  readonly likelihood: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

/** Added to each likelihood, so that no division is by zero. */
const tiny = 1e-30;
const count = halfShapes.length + 1;

/** The likelihoods of a mean at this offset from the incumbent, with this variance; in sigma and sigma squared. */
export function likelihoodsOf(offset: number, variance: number): Likelihoods {
  const clipped = Math.min(maxEffect, Math.max(-maxEffect, offset));
  const [likelihood, mean, square] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  likelihood[0] = Math.exp((-0.5 * clipped * clipped) / variance) + tiny;
  for (const [index, { side, scale }] of halfShapes.entries()) {
    const fit = fitHalfNormal(scale, side * clipped, variance);
    likelihood[index + 1] = fit.likelihood + tiny;
    mean[index + 1] = side * fit.mean;
    square[index + 1] = fit.square;
  }
  return { likelihood, mean, square };
}

/** The effect's mean and variance under these weights. */
export function momentsOf(
  weights: readonly number[],
  offset: number,
  { likelihood, mean, square }: Likelihoods,
): Moments {
  let [mass, first, second] = [0, 0, 0];
  for (const [shape, weight] of weights.entries()) {
    const share = weight * (likelihood[shape] as number);
    mass += share;
    first += share * (mean[shape] as number);
    second += share * (square[shape] as number);
  }
  const clipped = Math.min(maxEffect, Math.max(-maxEffect, offset));
  const centre = first / mass;
  return { mean: centre + offset - clipped, variance: Math.max(0, second / mass - centre * centre) };
}
