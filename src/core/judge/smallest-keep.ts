/**
 * What a keep must be worth now: the smallest measured gain over the incumbent with which a policy would keep a candidate.
 *
 * It asks the policies themselves, with made-up runs, so that it cannot contradict a verdict.
 */
import { experimentOf, type History } from '../journal/history.ts';
import { resolutionOf } from '../journal/noise.ts';
import { mayWait, wouldKeep } from './policies/value/decide.ts';
import { maxEffect } from './policies/value/effects.ts';
import type { Belief } from './policies/value/walk.ts';
import { orientedRuns, type StudyWalk } from './policies/value/walk-history.ts';

/** In the metric's unit, by the number of runs whose mean it is; 0 where any gain is kept. */
export interface SmallestKeep {
  readonly runs: number;
  readonly gain: number;
}

/** Steps of the bisection: the last is a 4,000th of the largest gain that is looked at. */
const steps = 12;

/**
 * The smallest gain that the study's policy would keep, of a usual proposal of this researcher, for each of these numbers of runs;
 * empty while the baseline is not measured, and for a number of runs with which nothing would be kept.
 */
export function smallestKeeps(
  history: History,
  walk: StudyWalk,
  researcher: string,
  runs: readonly number[],
): readonly SmallestKeep[] {
  if (history.experiments[0]?.verdict === undefined) return [];
  const { policy } = history.session;
  const belief = policy === 'value' ? walk.over(history)?.belief() : undefined;
  if (!belief) return [{ runs: policy === 'confirm' ? 2 : 1, gain: resolutionOf(history.experiments) }];
  const incumbent = orientedRuns(history, experimentOf(history, history.incumbent)).mean;
  const canWait = mayWait(belief, { researcher });
  return runs.flatMap((count) => {
    const gain = bisect(belief, canWait, incumbent, researcher, count);
    return gain === undefined ? [] : [{ runs: count, gain }];
  });
}

function bisect(
  belief: Belief,
  canWait: boolean,
  incumbent: number,
  researcher: string,
  runs: number,
): number | undefined {
  const proposed = { researcher };
  const isKept = (gain: number) => wouldKeep(belief, { mean: incumbent - gain, runs, squares: 0 }, proposed, canWait);
  let [low, high] = [0, maxEffect * belief.sigma];
  if (!isKept(high)) return undefined;
  if (isKept(low)) return low;
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2;
    if (isKept(middle)) high = middle;
    else low = middle;
  }
  return high;
}
