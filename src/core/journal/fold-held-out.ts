/**
 * Folds the entries about holdout scores and confirmations, which stay apart from the History.
 */
import { ok } from '../base/errors.ts';
import { endRun } from './end-run.ts';
import type { Entry, EntryOf } from './entry.ts';
import type { ConfirmationRecord, ContenderRecord, HeldOut } from './held-out.ts';
import type { RunRecord } from './history.ts';
import type { RunResult } from './run.ts';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type ContenderDraft = Omit<Mutable<ContenderRecord>, 'runs'> & { runs: Mutable<RunRecord>[] };
type ConfirmationDraft = Omit<Mutable<ConfirmationRecord>, 'contenders'> & { contenders: ContenderDraft[] };
export type HeldOutDraft = Omit<Mutable<HeldOut>, 'scores' | 'confirmations'> & {
  scores: Map<number, Map<number, RunResult>>;
  confirmations: ConfirmationDraft[];
};

/** The entries that are folded here. */
export type HeldOutEntry = EntryOf<
  | 'holdout-scored'
  | 'gauge-read'
  | 'confirmation-planned'
  | 'confirmation-run-started'
  | 'confirmation-run-ended'
  | 'gain-confirmed'
>;

export function nothingHeldOut(): HeldOutDraft {
  return { scores: new Map(), isGaugeStale: false, confirmations: [] };
}

const events: ReadonlySet<string> = new Set<HeldOutEntry['event']>([
  'holdout-scored',
  'gauge-read',
  'confirmation-planned',
  'confirmation-run-started',
  'confirmation-run-ended',
  'gain-confirmed',
]);

export function isHeldOut(entry: Entry): entry is HeldOutEntry {
  return events.has(entry.event);
}

export function extendHeldOut(draft: HeldOutDraft, entry: HeldOutEntry): void {
  switch (entry.event) {
    case 'holdout-scored': {
      const runs = draft.scores.get(entry.experiment) ?? new Map<number, RunResult>();
      draft.scores.set(entry.experiment, runs.set(entry.run, entry.result));
      draft.isGaugeStale = true;
      break;
    }
    case 'gauge-read':
      draft.gauge = entry.reading;
      draft.isGaugeStale = false;
      break;
    case 'confirmation-planned': {
      const { event: _, seq: __, at: ___, live: ____, contenders, ...plan } = entry;
      draft.confirmations.push({
        ...plan,
        contenders: contenders.map((contender) => ({ ...contender, runs: [] })),
      });
      break;
    }
    case 'confirmation-run-started': {
      const { run, seed, seq, slot } = entry;
      const own = slot === undefined ? {} : { slot };
      contenderOf(draft, entry).runs.push({ run, seed, startedSeq: seq, ...own, isVoid: false });
      break;
    }
    case 'confirmation-run-ended':
      endRun(contenderOf(draft, entry).runs, entry);
      break;
    case 'gain-confirmed': {
      const record = confirmationOf(draft, entry.confirmation);
      record.gain = entry.gain;
      if (entry.carryOver) record.carryOver = entry.carryOver;
      break;
    }
    default:
      entry satisfies never;
  }
}

function confirmationOf(draft: HeldOutDraft, confirmation: number): ConfirmationDraft {
  const record = draft.confirmations[confirmation - 1];
  ok(record?.confirmation === confirmation, `the journal plans confirmation ${confirmation} before it speaks of it`);
  return record;
}

function contenderOf(draft: HeldOutDraft, entry: { confirmation: number; contender: string }): ContenderDraft {
  const contender = confirmationOf(draft, entry.confirmation).contenders.find(
    (candidate) => candidate.contender === entry.contender,
  );
  ok(contender !== undefined, `confirmation ${entry.confirmation} has a contender ${entry.contender}`);
  return contender;
}
