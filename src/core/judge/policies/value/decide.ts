/**
 * Keep, revert or run again: what the `value` policy makes of a candidate's runs so far.
 */
import { at, grid, mixtureOf, mostEffect } from './effects.ts';
import { weightsOf } from './learning.ts';
import { chanceOfGain, type EffectPosterior, effectPosterior, effectQuantile } from './posterior.ts';
import { keepMargin, mostRuns, solveStopping } from './stopping.ts';
import type { Belief, Runs } from './walk.ts';

/** What another run is for: the candidate may be a win, or sigma is not known well enough to say. */
export type Decision = 'keep' | 'revert' | 'rerun-candidate' | 'rerun-for-sigma';

/** While sigma rests on fewer degrees of freedom, each candidate runs twice: a wrong sigma costs more than these runs. */
const leastDegrees = 5;
/** A candidate further off, in sigma, is as clear under any sigma there might be. */
const clearAnyway = 12;
/** Not worth the computation, let alone a run. */
const worthless = 1e-3;

/** The decision on a candidate of this researcher. */
export function decide(belief: Belief, runs: Runs, researcher: string, mayRunAgain: boolean): Decision {
  const effect = effectOf(belief, runs, researcher, belief.sigma);
  if (mayRunAgain && runs.runs < mostRuns) {
    const isSigmaVague = !belief.isSigmaKnown && belief.repeats.degreesOfFreedom < leastDegrees;
    if (isSigmaVague && runs.runs === 1 && Math.abs(effect.mean) < clearAnyway) return 'rerun-for-sigma';
    if (isAnotherWorthIt(belief, runs, researcher, effect)) return 'rerun-candidate';
  }
  return -effect.mean > keepMargin ? 'keep' : 'revert';
}

/** The posterior of a candidate's effect as it would be under this sigma, in units of it. */
export function effectOf(belief: Belief, runs: Runs, researcher: string, sigma: number): EffectPosterior {
  const { place, origin, learned } = belief;
  const offset = (runs.mean - origin - place.mean * belief.sigma) / sigma;
  return effectPosterior(mixtureOf(weightsOf(learned, researcher)), offset, place.variance + 1 / runs.runs);
}

/** What is printed of a candidate: all in sigma, positive is better. */
export interface GainEstimate {
  readonly mean: number;
  readonly standardError: number;
  /** 95 % of the posterior lie between these. */
  readonly interval: readonly [number, number];
  readonly probability: number;
}

/** The posterior of the gain, in words that need no grid. */
export function gainEstimateOf(effect: EffectPosterior): GainEstimate {
  return {
    mean: 0 - effect.mean,
    standardError: Math.sqrt(effect.variance),
    interval: [0 - effectQuantile(effect, 0.975), 0 - effectQuantile(effect, 0.025)],
    probability: chanceOfGain(effect),
  };
}

function isAnotherWorthIt(belief: Belief, { mean, runs }: Runs, researcher: string, effect: EffectPosterior): boolean {
  const offset = (mean - belief.origin) / belief.sigma - belief.place.mean;
  if (Math.abs(offset) > mostEffect || knowingIsWorth(effect) < worthless) return false;
  const prior = mixtureOf(weightsOf(belief.learned, researcher));
  return solveStopping(prior, belief.place.variance).worthOfAnother(runs, offset) > 0;
}

/** What it would gain to be told the effect: no run can be worth more. */
function knowingIsWorth({ density, mean }: EffectPosterior): number {
  let worth = 0;
  for (let point = 0; at(grid, point) < -keepMargin; point++)
    worth += at(density, point) * (-at(grid, point) - keepMargin);
  return worth - Math.max(0, -mean - keepMargin);
}
