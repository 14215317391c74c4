/**
 * How much one run's score moves with its seed, inferred from everything that says something about it.
 *
 * Repeated runs say it directly, but a study repeats few. Candidates that did nothing scatter around the incumbent by sigma
 * too: each candidate near it speaks through the width of the mixture's `nothing`, before a fixed background of gains and
 * harms, so that a study full of large effects is not mistaken for a noisy one.
 */

/** A candidate near the incumbent, in units of the sigma it was folded with: it tells of sigma by how far off it lies. */
export interface NearCandidate {
  readonly offset: number;
  readonly placeVariance: number;
  readonly runs: number;
  /** The weight of `nothing`, and the density of everything else at this offset. */
  readonly nothing: number;
  readonly background: number;
}

/** Repeated runs of the same candidates: squares within, and the degrees of freedom behind them. */
export interface Repeats {
  readonly squares: number;
  readonly degreesOfFreedom: number;
}

const points = 40;
const lowest = Math.log(0.25);
const highest = Math.log(12);
/** Sigma over the guess, evenly in its logarithm. */
const ratios: readonly number[] = Array.from({ length: points }, (_, index) =>
  Math.exp(lowest + ((highest - lowest) * index) / (points - 1)),
);
/** A candidate further off says nothing about sigma. */
const nearest = 4;
/** The mixture is a model of this study's proposals and not the truth, so its word on sigma counts for less than a repeated run's. */
const trust = 0.3;

/** Sigma's posterior median, near enough: the mean of its logarithm, all logarithms being equally likely at first. */
export function inferSigma(guess: number, unit: number, repeats: Repeats, near: readonly NearCandidate[]): number {
  const close = near.filter(({ offset }) => Math.abs(offset) <= nearest);
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

function logLikelihood(sigma: number, unit: number, repeats: Repeats, near: readonly NearCandidate[]): number {
  let log = -repeats.degreesOfFreedom * Math.log(sigma / unit) - repeats.squares / (2 * sigma * sigma);
  const perRun = (sigma / unit) ** 2;
  for (const { offset, placeVariance, runs, nothing, background } of near) {
    const variance = placeVariance + perRun / runs;
    const spike = Math.exp((-0.5 * offset * offset) / variance) / Math.sqrt(2 * Math.PI * variance);
    log += trust * Math.log(nothing * spike + background);
  }
  return log;
}
