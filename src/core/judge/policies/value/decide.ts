/**
 * Keep, revert or run again: how the `value` policy decides on a candidate's runs so far.
 */
import { at, grid, maxEffect, mixtureOf } from './effects.ts';
import { weightsOf } from './learning.ts';
import { chanceOfGain, type EffectPosterior, effectPosterior, effectQuantile } from './posterior.ts';
import { keepMargin, maxRuns, solveStopping } from './stopping.ts';
import type { Belief, Runs } from './walk.ts';

/** Another run is for the candidate, which may be a gain, or for sigma, which is not known well enough to tell. */
export type Decision = 'keep' | 'revert' | 'rerun-candidate' | 'rerun-for-sigma';

/** With fewer degrees of freedom behind sigma, each candidate runs twice: a wrong sigma costs more than these runs. */
const minDegrees = 5;
/** An effect of this many sigma or more is clear even if sigma is wrong, so it needs no second run. */
const clearEffect = 12;
/** Where knowing the effect would gain less than this, in sigma, a further run is not even considered. */
const minWorth = 1e-3;

/** The decision on a candidate of this researcher. */
export function decide(belief: Belief, runs: Runs, researcher: string, mayRunAgain: boolean): Decision {
  const effect = effectOf(belief, runs, researcher, belief.sigma);
  if (mayRunAgain && runs.runs < maxRuns) {
    const isSigmaVague = !belief.isSigmaKnown && belief.repeats.degreesOfFreedom < minDegrees;
    if (isSigmaVague && runs.runs === 1 && Math.abs(effect.mean) < clearEffect) return 'rerun-for-sigma';
    if (isAnotherWorthIt(belief, runs, researcher, effect)) return 'rerun-candidate';
  }
  return -effect.mean > keepMargin ? 'keep' : 'revert';
}

/** The posterior of a candidate's effect if sigma were this, in units of it. */
export function effectOf(belief: Belief, runs: Runs, researcher: string, sigma: number): EffectPosterior {
  const { incumbent, origin, learned } = belief;
  const offset = (runs.mean - origin - incumbent.mean * belief.sigma) / sigma;
  return effectPosterior(mixtureOf(weightsOf(learned, researcher)), offset, incumbent.variance + 1 / runs.runs);
}

/** What is printed of a candidate, in units of sigma; positive is better. */
export interface GainEstimate {
  readonly mean: number;
  readonly standardError: number;
  /** Between these lies 95 % of the posterior. */
  readonly interval: readonly [number, number];
  readonly probability: number;
}

/** The posterior of the gain in four figures, without the grid. */
export function gainEstimateOf(effect: EffectPosterior): GainEstimate {
  return {
    mean: 0 - effect.mean,
    standardError: Math.sqrt(effect.variance),
    interval: [0 - effectQuantile(effect, 0.975), 0 - effectQuantile(effect, 0.025)],
    probability: chanceOfGain(effect),
  };
}

function isAnotherWorthIt(belief: Belief, { mean, runs }: Runs, researcher: string, effect: EffectPosterior): boolean {
  const offset = (mean - belief.origin) / belief.sigma - belief.incumbent.mean;
  if (Math.abs(offset) > maxEffect || worthOfKnowing(effect) < minWorth) return false;
  const prior = mixtureOf(weightsOf(belief.learned, researcher));
  return solveStopping(prior, belief.incumbent.variance).worthOfAnother(runs, offset) > 0;
}

/** What it would gain, in sigma, to know the effect exactly: no run can be worth more. */
function worthOfKnowing({ density, mean }: EffectPosterior): number {
  let worth = 0;
  for (let point = 0; at(grid, point) < -keepMargin; point++)
    worth += at(density, point) * (-at(grid, point) - keepMargin);
  return worth - Math.max(0, -mean - keepMargin);
}
