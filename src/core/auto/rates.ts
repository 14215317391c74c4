/**
 * How much each arm gains per training budget, as a posterior that forgets.
 *
 * Gains fade over a night whoever proposes, so an arm's gain is first divided by what the study as a whole gained per
 * budget at that time; what is left is how much better or worse than the others the arm was. Gains come as rare events of
 * very different size, so the rate's posterior is a Gamma whose dispersion is estimated (quasi-Poisson: McCullagh and
 * Nelder, Generalized Linear Models, chapter 9), and old evidence is discounted (Raj and Kalyani, arXiv 1707.09727).
 */
import type { History } from '../journal/history.ts';
import { pooledNoise } from '../judge/noise.ts';
import type { ArmName } from './arm.ts';
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
const halfLife = 20;
/** Older than this nothing counts any more (a tenth of its weight). */
const window = 66;
/** How far the study's own pace is smoothed, in experiments to either side. */
const paceReach = 6;
/** A prior weighs as much as so many budgets of evidence. */
const priorBudgets = 4;

/** The posterior of every arm in `priors`. */
export function ratesOf(history: History, priors: Priors): ReadonlyMap<ArmName, Rate> {
  const now = history.experiments.length;
  const pulls = relativePulls(history, pullsSince(history, now - window));
  const dispersion = dispersionOf(pulls);
  return new Map(
    Object.entries(priors).map(([name, prior]) => {
      const own = pulls.filter((pull) => pull.arm === name);
      const weigh = (pull: Pull) => 0.5 ** ((now - pull.experiment) / halfLife);
      const gain = own.reduce((sum, pull) => sum + weigh(pull) * pull.gain, 0);
      const cost = own.reduce((sum, pull) => sum + weigh(pull) * pull.cost, 0);
      const shape = (priorBudgets * prior + gain) / dispersion;
      const rate = (priorBudgets + cost) / dispersion;
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

/** The study's gain per budget around an experiment, shrunk towards one sigma so that it is never nothing. */
function paceAt(pulls: readonly Pull[], experiment: number, unit: number): number {
  let gain = unit;
  let cost = 1;
  for (const pull of pulls) {
    const nearness = Math.exp(-Math.abs(pull.experiment - experiment) / paceReach);
    gain += nearness * pull.gain;
    cost += nearness * pull.cost;
  }
  return gain / cost;
}

/** How much wider than a Poisson count the relative gains scatter: the typical size of one gain; at least 1. */
function dispersionOf(pulls: readonly Pull[]): number {
  const sum = pulls.reduce((total, pull) => total + pull.gain, 0);
  const squares = pulls.reduce((total, pull) => total + pull.gain ** 2, 0);
  return sum > 0 ? Math.max(1, squares / sum) : 1;
}
