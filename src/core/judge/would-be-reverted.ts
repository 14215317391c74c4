/**
 * What the verdict on an experiment would be if its run ended like this: asked before the run is journalled, so that what is
 * costly is done only for a score that counts.
 */
import type { PolicyName } from '../base/names.ts';
import { isCutShort } from '../journal/cut-short.ts';
import { experimentOf, type History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { judge } from './judge.ts';
import type { StudyWalk } from './policies/value/walk-history.ts';

/** Whether the experiment, judged with this result of its run in flight, would be neither kept nor run again. */
export function wouldBeReverted(
  history: History,
  { experiment, run }: { readonly experiment: number; readonly run: number },
  result: RunResult,
  policy: PolicyName,
  walk: StudyWalk,
): boolean {
  const runs = experimentOf(history, experiment).runs.map((each) =>
    each.run === run ? { ...each, result, isVoid: isCutShort(result) } : each,
  );
  const experiments = history.experiments.map((each) => (each.experiment === experiment ? { ...each, runs } : each));
  // The walk has only experiments with a final verdict, so that it is the same with this result and without.
  const sameWalk = { ...walk, over: () => walk.over(history) };
  return judge({ ...history, experiments }, experiment, policy, sameWalk).decision === 'revert';
}
