/**
 * Infers sigma, how much one run's score moves with its seed, from repeated runs and from candidates near the
 * incumbent.
 *
 * Repeated runs show it directly, but a study repeats few. Candidates without an effect scatter around the incumbent by
 * sigma too, so each candidate near it counts: by the width of the mixture's `nothing`, on a fixed background of gains
 * and harms, so that a study with many large effects is not mistaken for a noisy one.
 */

import type { Scatter } from '../../../statistics/contaminated-scatter.ts';

/**
 * A candidate near the incumbent, in units of the sigma that it was folded with; its offset tells something about
 * sigma.
 */
export interface NearCandidate {
  readonly offset: number;
  readonly incumbentVariance: number;
  readonly runs: number;
  /** The weight of `nothing`, and the density of everything else at this offset. */
  readonly nothing: number;
  readonly background: number;
}

const points = 40;
const lowest = Math.log(0.25);
const highest = Math.log(12);
/** The values of sigma / guess that are weighed: 40 from 0.25 to 12, at even steps of the logarithm. */
const ratios: readonly number[] = Array.from({ length: points }, (_, index) =>
  Math.exp(lowest + ((highest - lowest) * index) / (points - 1)),
);
/** A candidate further than this many sigma from the incumbent says nothing about sigma. */
const maxOffset = 4;
/** Weight of a near candidate beside a repeated run: the mixture is only a model of this study's proposals. */
const nearWeight = 0.3;

/**
 * Sigma's posterior median, approximately: the posterior mean of its logarithm, under a prior flat in the logarithm.
 */
export function inferSigma(guess: number, unit: number, repeats: Scatter, near: readonly NearCandidate[]): number {
  const close = near.filter(({ offset }) => Math.abs(offset) <= maxOffset);
  const logs = ratios.map((ratio) => logLikelihood(ratio * guess, unit, repeats, close));
  const most = Math.max(...logs);
  let [mass, mean] = [0, 0];
  for (const [index, log] of logs.entries()) {
    const weight = Math.exp(log - most);
    mass += weight;
    mean += weight * Math.log(ratios[index] ?? 1);
  }
  return guess * Math.exp(mean / mass);
}

function logLikelihood(sigma: number, unit: number, repeats: Scatter, near: readonly NearCandidate[]): number {
  let log = -repeats.degreesOfFreedom * Math.log(sigma / unit) - repeats.squares / (2 * sigma * sigma);
  const perRun = (sigma / unit) ** 2;
  for (const { offset, incumbentVariance, runs, nothing, background } of near) {
    const variance = incumbentVariance + perRun / runs;
    const spike = Math.exp((-0.5 * offset * offset) / variance) / Math.sqrt(2 * Math.PI * variance);
    log += nearWeight * Math.log(nothing * spike + background);
  }
  return log;
}
