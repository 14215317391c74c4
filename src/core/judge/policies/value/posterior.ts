/**
 * What the runs of one candidate say about its effect, and about the incumbent's true score.
 *
 * A score is incumbent + effect + noise, and all three are unknown, so the runs of a reverted candidate say something
 * about the incumbent too.
 */
import { at, grid, gridSize, maxEffect } from './effects.ts';

/** Mean and variance of a candidate's effect, in sigma; negative is better. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** The whole posterior of a candidate's effect. */
export interface EffectPosterior extends Moments {
  readonly density: Float64Array;
  /** How far, in sigma, the candidate lies beyond the grid: the density has to be shifted by this much. */
  readonly shift: number;
}

/** A normal belief about the incumbent's true score, in sigma from the baseline's mean. */
export interface IncumbentBelief {
  readonly mean: number;
  readonly variance: number;
}

/** The posterior of the effect, given a mean of runs that lies `offset` from the incumbent's with this variance. */
export function effectPosterior(prior: Float64Array, offset: number, variance: number): EffectPosterior {
  const clipped = Math.min(maxEffect, Math.max(-maxEffect, offset));
  const density = new Float64Array(gridSize);
  let [mass, first, second] = [0, 0, 0];
  for (let point = 0; point < gridSize; point++) {
    const effect = at(grid, point);
    const chance = at(prior, point) * Math.exp((-0.5 * (clipped - effect) ** 2) / variance);
    density[point] = chance;
    mass += chance;
    first += chance * effect;
    second += chance * effect * effect;
  }
  for (let point = 0; point < gridSize; point++) density[point] = at(density, point) / mass;
  const mean = first / mass;
  const shift = offset - clipped;
  return { mean: mean + shift, variance: Math.max(0, second / mass - mean * mean), density, shift };
}

/**
 * The belief about the incumbent after a candidate's runs. On a keep the candidate becomes the incumbent; on a revert
 * the part of the offset that its effect does not explain moves the belief.
 */
export function settle(
  incumbent: IncumbentBelief,
  offset: number,
  variance: number,
  effect: Moments,
  isKept: boolean,
): IncumbentBelief {
  const pull = incumbent.variance / variance;
  if (isKept) {
    return {
      mean: incumbent.mean + pull * offset + (1 - pull) * effect.mean,
      variance: incumbent.variance * (1 - pull) + (1 - pull) ** 2 * effect.variance,
    };
  }
  return {
    mean: incumbent.mean + pull * (offset - effect.mean),
    variance: incumbent.variance * (1 - pull) + pull ** 2 * effect.variance,
  };
}

/** The probability that the effect is a gain. */
export function chanceOfGain({ density, shift }: EffectPosterior): number {
  let chance = 0;
  for (let point = 0; point < gridSize && at(grid, point) + shift < -1e-9; point++) chance += at(density, point);
  return Math.min(1, chance);
}

/** The effect below which this share of the posterior lies. */
export function effectQuantile({ density, shift }: EffectPosterior, share: number): number {
  let below = 0;
  for (let point = 0; point < gridSize; point++) {
    below += at(density, point);
    if (below >= share) return at(grid, point) + shift;
  }
  return at(grid, gridSize - 1) + shift;
}
