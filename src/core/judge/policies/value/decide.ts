/**
 * Keep, revert or run again: how the `value` policy decides on a candidate's runs so far.
 */
import { printedSigma } from '../../../journal/noise.ts';
import { dueCombination, usualRate } from './combination.ts';
import { at, grid, maxEffect } from './effects.ts';
import { isGain, minChance, worthOfKeeping, worthOfWaiting } from './keep-worth.ts';
import { chanceOfGain, type EffectPosterior, effectPosterior, effectQuantile } from './posterior.ts';
import { type Proposed, priorOf } from './prior.ts';
import { maxRuns, solveStopping } from './stopping.ts';
import type { Belief, Runs } from './walk.ts';

/** Another run is for the candidate, which may be a gain, or for sigma, which is not known well enough to tell. */
export type Decision = 'keep' | 'revert' | 'rerun-candidate' | 'rerun-for-sigma';

/** With fewer degrees of freedom behind sigma, each candidate runs twice: a wrong sigma costs more than these runs. */
const minDegrees = 5;
/** An effect of this many sigma or more is clear even if sigma is wrong, so it needs no second run. */
const clearEffect = 12;
/** Where knowing the effect would gain less than this, in sigma, a further run is not even considered. */
const minWorth = 1e-3;

/** The decision on a candidate with this proposal. */
export function decide(belief: Belief, runs: Runs, proposed: Proposed, mayRunAgain: boolean): Decision {
  const effect = effectOf(belief, runs, proposed, belief.sigma);
  const canWait = mayWait(belief, proposed);
  if (mayRunAgain && runs.runs < maxRuns) {
    const isSigmaVague = !belief.isSigmaKnown && belief.repeats.degreesOfFreedom < minDegrees;
    if (isSigmaVague && runs.runs === 1 && Math.abs(effect.mean) < clearEffect) return 'rerun-for-sigma';
    if (isAnotherWorthIt(belief, runs, proposed, effect, canWait)) return 'rerun-candidate';
  }
  if (!isWorthKeeping(effect, canWait)) return 'revert';
  if (isLikely(belief, runs, proposed)) return 'keep';
  return mayRunAgain && runs.runs < maxRuns ? 'rerun-candidate' : 'revert';
}

/** Whether these runs would be kept if there could be no further one; `canWait` is the belief's for such a proposal. */
export function wouldKeep(belief: Belief, runs: Runs, proposed: Proposed, canWait: boolean): boolean {
  const effect = effectOf(belief, runs, proposed, belief.sigma);
  return isWorthKeeping(effect, canWait) && isLikely(belief, runs, proposed);
}

/** Under the cautious sigma that is printed it must be more likely real than not as well. */
function isLikely(belief: Belief, runs: Runs, proposed: Proposed): boolean {
  return chanceOfGain(effectOf(belief, runs, proposed, cautiousSigma(belief))) > minChance;
}

/** Sigma as it is printed: with caution while it rests on few runs. */
export function cautiousSigma({ sigma, isSigmaKnown, repeats }: Belief): number {
  return isSigmaKnown ? sigma : Math.max(sigma, printedSigma(repeats));
}

/** The posterior of a candidate's effect if sigma were this, in units of it. */
export function effectOf(belief: Belief, runs: Runs, proposed: Proposed, sigma: number): EffectPosterior {
  const { incumbent, origin } = belief;
  const offset = (runs.mean - origin - incumbent.mean * belief.sigma) / sigma;
  const prior = priorOf(belief, proposed, { sigma, trust: belief.trust });
  return effectPosterior(prior, offset, incumbent.variance + 1 / runs.runs);
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

function isWorthKeeping(effect: EffectPosterior, canWait: boolean): boolean {
  return worthOfKeeping(-effect.mean, chanceOfGain(effect)) > worthOfWaiting(-effect.mean, canWait);
}

function isAnotherWorthIt(
  belief: Belief,
  { mean, runs }: Runs,
  proposed: Proposed,
  effect: EffectPosterior,
  canWait: boolean,
): boolean {
  const offset = (mean - belief.origin) / belief.sigma - belief.incumbent.mean;
  if (Math.abs(offset) > maxEffect || worthOfKnowing(effect, canWait) < minWorth) return false;
  const prior = priorOf(belief, proposed, belief);
  // Another run of a combination, or of a second look, takes the place of a usual proposal's.
  const rate = proposed.combines || proposed.repeats !== undefined ? usualRate(belief) : undefined;
  return solveStopping(prior, belief.incumbent.variance, canWait, rate).worthOfAnother(runs, offset) > 0;
}

/**
 * Whether what is not kept may be combined with others later: no combination is, no second look, and nothing where a combination that
 * is due was not made, because the near misses of this study do not go together.
 */
export function mayWait(belief: Belief, { combines, repeats }: Proposed): boolean {
  return combines === undefined && repeats === undefined && dueCombination(belief, () => true) === undefined;
}

/** What it would gain, in sigma, to know the effect exactly: no run can be worth more. */
function worthOfKnowing(effect: EffectPosterior, canWait: boolean): number {
  const worthOf = (gain: number, chance: number) =>
    Math.max(0, worthOfKeeping(gain, chance), worthOfWaiting(gain, canWait));
  let worth = 0;
  for (let point = 0; isGain(point); point++) worth += at(effect.density, point) * worthOf(-at(grid, point), 1);
  return worth - worthOf(-effect.mean, chanceOfGain(effect));
}
