/**
 * Whether an entry can follow on a history. Asked where lines of a journal were lost: an entry that rests on a lost one is not
 * shown, since what it would say is not what happened.
 */
import type { Entry, EntryOf } from './entry.ts';
import type { Fold } from './fold.ts';
import type { WholeHistory } from './held-out.ts';
import { type ExperimentRecord, type History, nextNumber, type RunRecord } from './history.ts';

/** Adds the entry, unless the fold says that no controller can have written it. */
export function isAdded(fold: Fold, entry: Entry): boolean {
  try {
    fold.add(entry);
    return true;
  } catch {
    return false;
  }
}

/** Whether all that this entry rests on is in the history; undefined is a study that has not started. */
export function fits(whole: WholeHistory | undefined, entry: Entry): boolean {
  if (entry.event === 'study-started') return whole === undefined || whole.history.experiments.length === 1;
  if (whole === undefined) return false;
  const { history, heldOut } = whole;
  const record = 'experiment' in entry ? history.experiments[entry.experiment] : undefined;
  switch (entry.event) {
    case 'proposal-made':
      return fitsProposal(history, entry);
    case 'handed-in':
      return entry.experiment === nextNumber(history) && history.experiments[entry.from] !== undefined;
    case 'candidate-committed':
      return record !== undefined && isLast(history, record) && record.candidate === undefined;
    case 'run-started':
      return record?.candidate !== undefined && canStart(record.runs, entry.run);
    case 'run-ended':
      return record !== undefined && canEnd(record.runs, entry.run);
    case 'verdict-given':
      return record !== undefined && fitsVerdict(history, record, entry);
    case 'branch-moved':
      return record?.kept === entry.commit && !record.isBranchMoved;
    case 'drift-suspected':
    case 'holdout-scored':
      return record !== undefined;
    case 'confirmation-planned':
      return entry.confirmation === heldOut.confirmations.length + 1;
    case 'confirmation-run-started':
    case 'confirmation-run-ended': {
      const confirmation = heldOut.confirmations[entry.confirmation - 1];
      const runs = confirmation?.contenders.find(({ contender }) => contender === entry.contender)?.runs;
      if (!runs) return false;
      return entry.event === 'confirmation-run-started' ? canStart(runs, entry.run) : canEnd(runs, entry.run);
    }
    case 'gain-confirmed':
      return heldOut.confirmations[entry.confirmation - 1] !== undefined;
    default:
      return true;
  }
}

function fitsProposal({ experiments }: History, { experiment, parent }: EntryOf<'proposal-made'>): boolean {
  const last = experiments.at(-1);
  const isSettled = last?.verdict !== undefined && last.verdict.decision !== 'rerun';
  const isMoved = last?.kept === undefined || last.isBranchMoved;
  return experiment === experiments.length && isSettled && isMoved && experiments[parent]?.kept !== undefined;
}

function fitsVerdict(history: History, record: ExperimentRecord, { verdict, kept }: EntryOf<'verdict-given'>): boolean {
  const { runs, verdict: before, judgedRuns } = record;
  if (!isLast(history, record) || record.kept !== undefined || runs.length === 0) return false;
  if (runs.some(({ result }) => !result) || (verdict.decision === 'keep') !== (kept !== undefined)) return false;
  const counted = runs.filter(({ isVoid }) => !isVoid).length;
  const isJudgedAnew = before === undefined || (before.decision === 'rerun' && counted !== judgedRuns);
  // A candidate whose runs are all lost in the end is judged by none.
  const isLost = before?.decision === 'rerun' && runs.at(-1)?.isVoid === true;
  const seen = verdict.statistics?.runs;
  return (isJudgedAnew || isLost) && (seen === undefined || seen === counted);
}

function isLast({ experiments }: History, { experiment }: ExperimentRecord): boolean {
  return experiment === experiments.length - 1;
}

function canStart(runs: readonly RunRecord[], run: number): boolean {
  return run === runs.length + 1 && runs.every(({ result }) => result);
}

function canEnd(runs: readonly RunRecord[], run: number): boolean {
  const found = runs.find((each) => each.run === run);
  return found !== undefined && !found.result;
}
