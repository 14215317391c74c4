/**
 * How much each arm gains per training budget, as a posterior that forgets.
 *
 * Gains fade over a night whoever proposes, so an arm's gain is first divided by what the study as a whole gained per
 * budget at that time; what is left is how much better or worse than the others the arm was. A rate of rare events has a
 * Gamma posterior, and old evidence is discounted (Raj and Kalyani, arXiv 1707.09727).
 */

import type { ArmName } from '../base/researchers.ts';
import type { History } from '../journal/history.ts';
import { pooledNoise } from '../journal/noise.ts';
import { type Pull, pullsSince } from './pulls.ts';

/** Relative to the study: 1 is an arm that gains as much per budget as all together do. */
export interface Rate {
  /** Of the Gamma distribution. */
  readonly shape: number;
  readonly rate: number;
  readonly tried: number;
  readonly kept: number;
}

/** What an arm is expected to gain before it was tried, relative to the study. */
export type Priors = Readonly<Partial<Record<ArmName, number>>>;

/** After so many experiments evidence counts half. */
const halfLife = 30;
/** Older than this nothing counts any more: it has a tenth of its weight. */
const window = 100;
/** How far the study's own pace is smoothed, in experiments to either side. */
const paceReach = 8;
/** A prior weighs as much as so many budgets of evidence. */
const priorBudgets = 2;
/**
 * The posterior is narrower than the evidence warrants, because a night has no time to be sure: an arm that seems better is
 * asked before it is proven. 3 gained more than 1 in every world of docs/auto.md.
 */
const boldness = 3;

/** The posterior of every arm in `priors`. */
export function ratesOf(history: History, priors: Priors): ReadonlyMap<ArmName, Rate> {
  const now = history.experiments.length;
  const pulls = relativePulls(history, pullsSince(history, now - window));
  return new Map(
    Object.entries(priors).map(([name, prior]) => {
      const own = pulls.filter((pull) => pull.arm === name);
      const weigh = (pull: Pull) => 0.5 ** ((now - pull.experiment) / halfLife);
      const gain = own.reduce((sum, pull) => sum + weigh(pull) * pull.gain, 0);
      const cost = own.reduce((sum, pull) => sum + weigh(pull) * pull.cost, 0);
      const shape = boldness * (priorBudgets * prior + gain);
      const rate = boldness * (priorBudgets + cost);
      return [name as ArmName, { shape, rate, tried: own.length, kept: own.filter((pull) => pull.isKept).length }];
    }),
  );
}

/** The same pulls with each gain relative to the study's pace around it. */
function relativePulls(history: History, pulls: readonly Pull[]): Pull[] {
  const sigma = pooledNoise(history)?.sigma ?? 0;
  // Where sigma is not known, the smallest keep stands for what is barely worth having.
  const least = Math.min(...pulls.map((pull) => pull.gain).filter((gain) => gain > 0));
  const unit = sigma > 0 ? sigma : Number.isFinite(least) ? least : 1;
  return pulls.map((pull) => ({ ...pull, gain: pull.gain / paceAt(pulls, pull.experiment, unit) }));
}

/**
 * The study's gain per budget around an experiment: the lower of its paces just before and just after, so that the large
 * gains before a sudden fade do not belittle what comes next. Shrunk towards one sigma, so that it is never nothing.
 */
function paceAt(pulls: readonly Pull[], experiment: number, unit: number): number {
  const before = { gain: unit, cost: 1 };
  const after = { gain: unit, cost: 1 };
  for (const pull of pulls) {
    const nearness = Math.exp(-Math.abs(pull.experiment - experiment) / paceReach);
    for (const side of [before, after]) {
      const isThere = side === before ? pull.experiment <= experiment : pull.experiment >= experiment;
      if (!isThere) continue;
      side.gain += nearness * pull.gain;
      side.cost += nearness * pull.cost;
    }
  }
  return Math.min(before.gain / before.cost, after.gain / after.cost);
}
