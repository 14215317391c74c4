/**
 * An experiment is overtaken when another was kept after it was proposed: it changed what is not the incumbent any more.
 *
 * Its runs are judged against its own parent, as they would have been then. A gain there is no gain over the new incumbent, so
 * nothing is kept: the edits are tried on that as a new candidate, with runs of its own.
 */
import { ok } from '../base/errors.ts';
import { gainOver } from '../base/metric.ts';
import { type ExperimentRecord, experimentOf, type History, valuesOf } from '../journal/history.ts';
import type { Verdict } from '../journal/verdict.ts';
import { mean } from '../statistics/moments.ts';
import { createStudyWalk, type StudyWalk } from './policies/value/walk-history.ts';

/** Whether its parent is not the incumbent any more. */
export function isOvertaken({ incumbent }: History, { experiment, parent }: ExperimentRecord): boolean {
  return experiment > 0 && experiment !== incumbent && parent !== incumbent;
}

/** Whether its parent was a keep that is taken out since. */
export function isOrphan({ experiments }: Pick<History, 'experiments'>, { parent }: ExperimentRecord): boolean {
  return parent !== undefined && experiments[parent]?.withdrawn !== undefined;
}

/** The verdict on a measured experiment whose parent is taken out: nobody knows what it would be on another one. */
export function orphanVerdict(history: History, record: ExperimentRecord): Verdict {
  const { incumbent, frozen } = history;
  const { parent = 0 } = record;
  const [candidate, before] = [valuesOf(record), valuesOf(experimentOf(history, parent))];
  const [own, was] = [mean(candidate), mean(before)];
  return {
    decision: 'revert',
    reason: `experiment ${parent}, on which it stands, was taken out, so the edits are tried on experiment ${incumbent}`,
    statistics: { mean: own, incumbentMean: was, gain: gainOver(frozen.metric.goal, was, own), runs: candidate.length },
    overtakenBy: incumbent,
  };
}

/** What an experiment is judged by: the history as of its parent, and what the `value` policy made of that. */
export interface Standpoint {
  readonly history: History;
  readonly walk: StudyWalk;
}

/** Gives the standpoint of each experiment: the study's own, or that of an older incumbent, which is worked out once. */
export function createStandpoints(): (history: History, walk: StudyWalk, record: ExperimentRecord) => Standpoint {
  let withdrawals = 0;
  const older = new Map<number, Standpoint>();
  return (history, walk, record) => {
    const { parent } = record;
    if (withdrawals !== history.withdrawals) older.clear();
    withdrawals = history.withdrawals;
    if (parent === undefined || !isOvertaken(history, record) || isOrphan(history, record)) return { history, walk };
    const known = older.get(parent) ?? { history: historyAsOf(history, parent), walk: createStudyWalk() };
    older.set(parent, known);
    return known;
  };
}

/** The history with an older incumbent, and of the verdicts those that were given while it was the incumbent or before. */
function historyAsOf(history: History, incumbent: number): History {
  const { kept } = experimentOf(history, incumbent);
  ok(kept !== undefined, 'a parent was kept');
  const from = history.settled.indexOf(incumbent) + 1;
  const next = history.settled.findIndex((each, at) => {
    const { kept: then, withdrawn } = experimentOf(history, each);
    return at >= from && (then ?? withdrawn) !== undefined;
  });
  return { ...history, incumbent, tip: kept, settled: next < 0 ? history.settled : history.settled.slice(0, next) };
}

/** The verdict on an overtaken experiment: what would be kept or run again is tried on the incumbent instead. */
export function overtakenVerdict(verdict: Verdict, { incumbent }: History): Verdict {
  if (verdict.decision === 'revert') return verdict;
  const { reason, statistics } = verdict;
  const meanwhile = `experiment ${incumbent} was kept meanwhile, so the edits are tried on that`;
  return {
    decision: 'revert',
    reason: `${reason}; ${meanwhile}`,
    ...(statistics ? { statistics } : {}),
    overtakenBy: incumbent,
  };
}
