/**
 * Whether an entry can follow on a history. Asked where lines of a journal were lost: an entry that rests on a lost one is not
 * shown, since what it would say is not what happened.
 */
import type { Entry, EntryOf } from './entry.ts';
import type { Fold } from './fold.ts';
import type { WholeHistory } from './held-out.ts';
import {
  currentOwnerPause,
  type ExperimentRecord,
  experimentOf,
  type History,
  hasOneSlot,
  nextNumber,
  openRuns,
  type RunRecord,
} from './history.ts';

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
      return record !== undefined && history.unsettled.includes(record.experiment) && record.candidate === undefined;
    case 'reapplied':
      return record?.proposal !== undefined && canMove(history, record, entry.parent);
    case 'run-started':
      return (
        record?.candidate !== undefined &&
        canStart(record.runs, entry.run, areSideBySide(history, record)) &&
        isFree(history.experiments, entry.slot)
      );
    case 'run-ended':
      return record !== undefined && canEnd(record.runs, entry.run);
    case 'verdict-given':
      return record !== undefined && fitsVerdict(history, record, entry);
    case 'branch-moved':
      return record?.kept === entry.commit && !record.isBranchMoved;
    case 'drift-suspected':
    case 'gain-doubted':
    case 'holdout-scored':
      return record !== undefined;
    case 'withdrawal-asked':
      return entry.experiment > 0 && record?.kept !== undefined;
    case 'keep-withdrawn':
      return history.toWithdraw[0] === entry.experiment && record?.kept !== undefined;
    case 'study-paused':
      return currentOwnerPause(history) === undefined;
    case 'pause-ended':
      return currentOwnerPause(history) !== undefined;
    case 'confirmation-planned':
      return entry.confirmation === heldOut.confirmations.length + 1;
    case 'confirmation-run-started': {
      const contenders = heldOut.confirmations[entry.confirmation - 1]?.contenders ?? [];
      const runs = contenders.find(({ contender }) => contender === entry.contender)?.runs;
      // With slots, runs of one contender go on beside each other.
      return (
        runs !== undefined && canStart(runs, entry.run, entry.slot !== undefined) && isFree(contenders, entry.slot)
      );
    }
    case 'confirmation-run-ended': {
      const contenders = heldOut.confirmations[entry.confirmation - 1]?.contenders ?? [];
      const runs = contenders.find(({ contender }) => contender === entry.contender)?.runs;
      return runs !== undefined && canEnd(runs, entry.run);
    }
    case 'gain-confirmed':
      return heldOut.confirmations[entry.confirmation - 1] !== undefined;
    default:
      return true;
  }
}

function fitsProposal(history: History, { experiment, parent }: EntryOf<'proposal-made'>): boolean {
  const { experiments, incumbent, settled, unsettled } = history;
  const best = experiments[incumbent];
  // What was asked for before a keep was taken out is answered before the branch has gone back.
  const isMoved = settled.length > 0 && (best?.isBranchMoved === true || history.withdrawals > 0);
  // One that a session proposes ahead of a run in flight; a verdict that is due is given before.
  const isDue = (each: number) => {
    const { runs } = experimentOf(history, each);
    return runs.length > 0 && openRuns({ runs }).length === 0;
  };
  if (experiment !== experiments.length || !isMoved || (hasOneSlot(history) && unsettled.some(isDue))) return false;
  return (experiments[parent]?.kept ?? experiments[parent]?.withdrawn) !== undefined;
}

/** Only onto the incumbent that came between, and not while it runs. */
function canMove({ incumbent, unsettled }: History, record: ExperimentRecord, parent: number): boolean {
  const { experiment, runs } = record;
  const isOpen = unsettled.includes(experiment) && runs.every(({ result }) => result);
  return isOpen && parent === incumbent && record.parent !== parent;
}

/** Whether no run in flight has the slot. */
function isFree(records: readonly { readonly runs: readonly RunRecord[] }[], slot: number | undefined): boolean {
  if (slot === undefined) return true;
  return records.every((record) => openRuns(record).every((run) => run.slot !== slot));
}

function fitsVerdict(history: History, record: ExperimentRecord, { verdict, kept }: EntryOf<'verdict-given'>): boolean {
  const { runs, verdict: before, judgedRuns } = record;
  if (!history.unsettled.includes(record.experiment) || record.kept !== undefined) return false;
  // What is dropped before it ran.
  if (runs.length === 0) return record.experiment > 0 && verdict.decision === 'revert';
  if (runs.some(({ result }) => !result) || (verdict.decision === 'keep') !== (kept !== undefined)) return false;
  const counted = runs.filter(({ isVoid }) => !isVoid).length;
  const isJudgedAnew = before === undefined || (before.decision === 'rerun' && counted !== judgedRuns);
  // A candidate whose runs are all lost in the end is judged by none.
  const isLost = before?.decision === 'rerun' && runs.at(-1)?.isVoid === true;
  const seen = verdict.statistics?.runs;
  return (isJudgedAnew || isLost) && (seen === undefined || seen === counted);
}

function canStart(runs: readonly RunRecord[], run: number, areTogether = false): boolean {
  return run === runs.length + 1 && (areTogether || runs.every(({ result }) => result));
}

/** Where there are slots for them, the baseline's runs do not wait for each other. */
function areSideBySide(history: History, { experiment }: ExperimentRecord): boolean {
  return experiment === 0 && !hasOneSlot(history);
}

function canEnd(runs: readonly RunRecord[], run: number): boolean {
  const found = runs.find((each) => each.run === run);
  return found !== undefined && !found.result;
}
