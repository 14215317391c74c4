/**
 * What a model of all trials expects of a candidate, as the `value` policy weighs it.
 *
 * The learned mixture knows how often proposals gain, and nothing of where this one lies: on a script whose noise is as
 * large as its gains it takes every good run for luck. A Gaussian process knows what lies around. Neither is right in
 * every study, so each is believed as far as it has explained the runs so far.
 */
import type { Expectation } from '../../../journal/entry.ts';
import { grid, gridStep, maxEffect } from './effects.ts';
import type { Moments } from './posterior.ts';

/** Expectations that count as come true, and as failed, before the first one: each as likely to be right as not. */
const pseudoCount = 2;
/** A standard error, in sigma, that is smaller than this would fall between the points of the grid. */
const minError = gridStep;

/** How often expectations explained their runs better than the mixture did, each counted by its likelihood. */
export interface TrackRecord {
  readonly right: number;
  readonly wrong: number;
}

export const noRecord: TrackRecord = { right: pseudoCount, wrong: pseudoCount };

/** The chance that an expectation is right. */
export function trustOf({ right, wrong }: TrackRecord): number {
  return right / (right + wrong);
}

/**
 * The same for a candidate that is run again because of what is expected: the model has seen its first run, and all that lies
 * around, so it is believed until it is found to be wrong.
 */
export function trustInSecondLook(trust: number): number {
  return Math.min(1, 2 * trust);
}

/** The density on the grid of the expected effect; negative is better there. */
export function expectedDensity(expects: Expectation, sigma: number): Float64Array {
  const { mean, variance } = effectExpected(expects, sigma);
  const raw = grid.map((effect) => Math.exp((-0.5 * (effect - mean) ** 2) / variance));
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
}

/** The effect and what is known of it once its runs lie at this offset, under the mixture and under the expectation. */
export interface Weighed extends Moments {
  readonly record: TrackRecord;
}

/**
 * Weighs an expectation against the mixture by the runs: `usual` is the effect under the mixture, `density` the mixture's
 * density at the offset.
 */
export function weigh(
  record: TrackRecord,
  { expects, sigma }: { readonly expects: Expectation; readonly sigma: number },
  { offset, variance }: { readonly offset: number; readonly variance: number },
  { usual, density }: { readonly usual: Moments; readonly density: number },
): Weighed {
  const prior = effectExpected(expects, sigma);
  const clipped = Math.min(maxEffect, Math.max(-maxEffect, offset));
  const spread = prior.variance + variance;
  const likelihood = Math.exp((-0.5 * (clipped - prior.mean) ** 2) / spread) / Math.sqrt(2 * Math.PI * spread);
  const trust = trustOf(record);
  const share = (trust * likelihood) / (trust * likelihood + (1 - trust) * density + 1e-300);
  const own = {
    mean: (prior.mean * variance + offset * prior.variance) / spread,
    variance: (prior.variance * variance) / spread,
  };
  const mean = share * own.mean + (1 - share) * usual.mean;
  const square = (one: Moments) => one.variance + (one.mean - mean) ** 2;
  return {
    mean,
    variance: share * square(own) + (1 - share) * square(usual),
    record: { right: record.right + share, wrong: record.wrong + 1 - share },
  };
}

function effectExpected({ gain, standardError }: Expectation, sigma: number): Moments {
  const mean = Math.min(maxEffect, Math.max(-maxEffect, -gain / sigma));
  return { mean, variance: Math.max(minError, standardError / sigma) ** 2 };
}
