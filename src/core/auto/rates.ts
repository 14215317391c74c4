/**
 * How much each arm gains per training budget, as a posterior in which older experiments count less.
 *
 * Gains become smaller over a night whichever arm proposes, so an arm's gain is first divided by what the study as a
 * whole gained per budget at that time; what is left is how much better or worse than the others the arm was. A rate of
 * rare events has a Gamma posterior, and old evidence is discounted (Raj and Kalyani, arXiv 1707.09727).
 */

import type { ArmName } from '../base/researchers.ts';
import type { History } from '../journal/history.ts';
import { pooledNoise } from '../journal/noise.ts';
import { type Pull, pullsSince } from './pulls.ts';

/** An arm's gain per budget, relative to the study: 1 is an arm that gains as much as all together do. */
export interface Rate {
  /** Shape and rate of the Gamma distribution; its mean is shape / rate. */
  readonly shape: number;
  readonly rate: number;
  readonly tried: number;
  readonly kept: number;
  /** Further ones whose result is to come; they say nothing of the arm yet. */
  readonly open: number;
}

/** Gain per budget, relative to the study, that each arm is expected to have before it was tried. */
export type Priors = Readonly<Partial<Record<ArmName, number>>>;

/** Age, in experiments, at which a pull counts half. */
const halfLife = 30;
/** Age, in experiments, beyond which a pull does not count: it would have a tenth of its weight. */
const window = 100;
/** Distance, in experiments, over which the study's own pace is smoothed to either side. */
const paceReach = 8;
/** Weight of a prior, in budgets of evidence. */
const priorBudgets = 2;
/**
 * Factor that makes the posterior narrower than the evidence warrants, because a night is too short to be sure: an arm
 * that seems better is asked before that is proven. 3 gained more than 1 in every world (kind of simulated study) of
 * docs/auto.md.
 */
const boldness = 3;

/** The posterior of every arm in `priors`. */
export function ratesOf(history: History, priors: Priors): ReadonlyMap<ArmName, Rate> {
  const now = history.experiments.length;
  const pulls = relativePulls(history, pullsSince(history, now - window));
  return new Map(
    Object.entries(priors).map(([name, prior]) => {
      const all = pulls.filter((pull) => pull.arm === name);
      const own = all.filter(({ isOpen }) => !isOpen);
      const weigh = (pull: Pull) => 0.5 ** ((now - pull.experiment) / halfLife);
      const gain = own.reduce((sum, pull) => sum + weigh(pull) * pull.gain, 0);
      const cost = own.reduce((sum, pull) => sum + weigh(pull) * pull.cost, 0);
      const shape = boldness * (priorBudgets * prior + gain);
      const rate = boldness * (priorBudgets + cost);
      const kept = own.filter((pull) => pull.isKept).length;
      return [name as ArmName, { shape, rate, tried: own.length, kept, open: all.length - own.length }];
    }),
  );
}

/** The same pulls with each gain relative to the study's pace around it. */
function relativePulls(history: History, pulls: readonly Pull[]): Pull[] {
  const sigma = pooledNoise(history)?.sigma ?? 0;
  // While sigma is unknown, the gain of the smallest keep takes its place.
  const smallestGain = Math.min(...pulls.map((pull) => pull.gain).filter((gain) => gain > 0));
  const unit = sigma > 0 ? sigma : Number.isFinite(smallestGain) ? smallestGain : 1;
  return pulls.map((pull) => ({ ...pull, gain: pull.gain / paceAt(pulls, pull.experiment, unit) }));
}

/**
 * The study's gain per budget around an experiment: the lower of its paces before and after, so that large gains before
 * a sudden fade do not make the next ones look small. Shrunk towards one sigma per budget, so that it is never 0.
 */
function paceAt(pulls: readonly Pull[], experiment: number, unit: number): number {
  const before = { gain: unit, cost: 1 };
  const after = { gain: unit, cost: 1 };
  for (const pull of pulls) {
    if (pull.isOpen) continue;
    const nearness = Math.exp(-Math.abs(pull.experiment - experiment) / paceReach);
    for (const side of [before, after]) {
      const isOnSide = side === before ? pull.experiment <= experiment : pull.experiment >= experiment;
      if (!isOnSide) continue;
      side.gain += nearness * pull.gain;
      side.cost += nearness * pull.cost;
    }
  }
  return Math.min(before.gain / before.cost, after.gain / after.cost);
}
