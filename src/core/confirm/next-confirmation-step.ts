/**
 * What a confirmation may do now, as one pure function of the history: starting, going on after a crash and ending are
 * all this one path.
 */
import { ok } from '../base/errors.ts';
import { hashText } from '../base/random.ts';
import { runsAlone } from '../journal/alone.ts';
import { freeSlots } from '../journal/free-slots.ts';
import type { ConfirmationRecord, ContenderRecord, HeldOut, WholeHistory } from '../journal/held-out.ts';
import { currentGpuPause, openRuns } from '../journal/history.ts';
import { type PlannedRun, plannedRunsOf } from './planned-runs.ts';

export interface ConfirmationRun {
  readonly confirmation: number;
  readonly contender: string;
  readonly run: number;
  readonly seed: number;
  /** Where it runs, from 0; absent where there is one slot. */
  readonly slot?: number;
}

export type ConfirmationStep =
  /** Decide the contenders, and make the commits of those that leave a step out. */
  | { readonly kind: 'plan-confirmation' }
  | ({ readonly kind: 'start-run' } & ConfirmationRun)
  | ({ readonly kind: 'await-run' } & ConfirmationRun)
  /** The GPU was lost or filled: wait until it can be used again. */
  | { readonly kind: 'await-gpu' }
  | { readonly kind: 'conclude' }
  | { readonly kind: 'done' };

/** What is asked for; absent means: as planned before, or the default. */
export interface ConfirmationRequest {
  readonly runs?: number | undefined;
  readonly isAblated?: boolean | undefined;
  /** A training budget that is longer than the study's; absent means the study's, never: as planned before. */
  readonly budgetSeconds?: number | undefined;
}

/** Runs per contender when the request does not say. */
export const defaultRuns = 5;

/** The number of the confirmation that this request is about: the unfinished one when it still fits, else a new one. */
export function confirmationFor({ history, heldOut }: WholeHistory, request: ConfirmationRequest): number {
  const { confirmations } = heldOut;
  const last = confirmations.findLast(({ budgetSeconds }) => budgetSeconds === request.budgetSeconds);
  const fits =
    last !== undefined &&
    last.gain === undefined &&
    last.experiment === history.incumbent &&
    (request.runs ?? last.runs) === last.runs &&
    (request.isAblated ?? last.isAblated) === last.isAblated;
  return fits ? last.confirmation : confirmations.length + 1;
}

/**
 * All that may be done now for this confirmation: each run in flight, as `await-run`, and what may begin beside them, which is one
 * thing; empty when all that is left is to wait. The loop asks again after each step, so that all slots are filled.
 */
export function nextConfirmationSteps(
  whole: WholeHistory,
  confirmation: number,
  slots: number,
): readonly ConfirmationStep[] {
  const record = whole.heldOut.confirmations[confirmation - 1];
  if (record?.gain) return [{ kind: 'done' }];
  const awaited = record ? runsInFlight(record) : [];
  if (currentGpuPause(whole.history)) return [...awaited, { kind: 'await-gpu' }];
  if (!record) return [{ kind: 'plan-confirmation' }];
  const started = awaited.length < slots ? startRun(whole, record, awaited, slots) : undefined;
  if (started) return [...awaited, started];
  return awaited.length > 0 ? awaited : [{ kind: 'conclude' }];
}

type AwaitRun = Extract<ConfirmationStep, { kind: 'await-run' }>;

function runsInFlight({ confirmation, contenders }: ConfirmationRecord): readonly AwaitRun[] {
  return contenders.flatMap(({ contender, runs }) =>
    openRuns({ runs }).map(({ run, seed, slot }) => ({
      ...{ kind: 'await-run' as const, confirmation, contender, run, seed },
      ...(slot === undefined ? {} : { slot }),
    })),
  );
}

/** The run that begins next in the lowest free slot; undefined when all have begun, or one has to be made alone. */
function startRun(
  whole: WholeHistory,
  record: ConfirmationRecord,
  awaited: readonly AwaitRun[],
  slots: number,
): ConfirmationStep | undefined {
  const [slot = 0] = freeSlots(slots, awaited);
  const turn = nextTurn(record, slot);
  if (!turn) return undefined;
  const inFlight = record.contenders.flatMap(plannedRunsOf).filter((planned) => planned.inFlight);
  if (inFlight.some(runsAlone) || (inFlight.length > 0 && turn.begun && runsAlone(turn.begun))) return undefined;
  const { contender, runs } = turn.contender;
  return {
    kind: 'start-run',
    confirmation: record.confirmation,
    contender,
    run: runs.length + 1,
    seed: turn.begun?.seed ?? confirmationSeed(whole, record, contender, turn.round),
    ...(slots === 1 ? {} : { slot }),
  };
}

/**
 * The seed of a contender's `index`-th run, from 1: never one that the study has used, because the incumbent was selected
 * on those. At a longer budget, where runs are dear and few, the two of a pair share theirs.
 */
function confirmationSeed(whole: WholeHistory, record: ConfirmationRecord, contender: string, index: number): number {
  const isPaired = record.budgetSeconds !== undefined;
  const shared = isPaired ? pairSeed(record, index) : undefined;
  if (shared !== undefined) return shared;
  const used = usedSeeds(whole);
  const who = isPaired ? 'pair' : contender;
  const name = `${whole.history.study}/confirmation ${record.confirmation}/${who}/run ${index}`;
  for (let attempt = 0; ; attempt++) {
    // Kept to 31 bits, as every other seed, and away from the baseline's small numbers.
    const seed = 1000 + (hashText(attempt === 0 ? name : `${name}/again ${attempt}`) % 2147482000);
    if (!used.has(seed)) return seed;
  }
}

/** The seed of the pair's other run, where that has begun. */
function pairSeed({ contenders }: ConfirmationRecord, index: number): number | undefined {
  return contenders.map((contender) => plannedRunsOf(contender)[index - 1]?.seed).find((seed) => seed !== undefined);
}

function usedSeeds({ history, heldOut }: WholeHistory): ReadonlySet<number> {
  const contenders = heldOut.confirmations.flatMap((confirmation) => confirmation.contenders);
  return new Set([...history.experiments, ...contenders].flatMap(({ runs }) => runs.map((run) => run.seed)));
}

interface Turn {
  readonly contender: ContenderRecord;
  /** From 1. */
  readonly round: number;
  /** The planned run, where it has begun before and is made again. */
  readonly begun: PlannedRun | undefined;
}

/**
 * The contenders take turns, every second round in reverse, so that a drift of the machine favours none. Within a round, a slot goes to
 * the contender that had it least: else slots that differ could each have runs of one contender only.
 */
function nextTurn({ contenders, runs }: ConfirmationRecord, slot: number): Turn | undefined {
  const all = contenders.map((contender) => ({ contender, planned: plannedRunsOf(contender) }));
  for (let round = 1; round <= runs; round++) {
    const turns = all.flatMap(({ contender, planned }) => {
      const begun = planned[round - 1];
      const isDue = !begun?.settled && !begun?.inFlight;
      return isDue ? [{ contender, round, begun, before: planned.filter((each) => hadSlot(each, slot)).length }] : [];
    });
    const order = round % 2 === 1 ? turns : turns.toReversed();
    const least = Math.min(...order.map(({ before }) => before));
    const next = order.find(({ before }) => before === least);
    if (next) return next;
  }
  return undefined;
}

function hadSlot({ settled, inFlight }: PlannedRun, slot: number): boolean {
  const run = settled ?? inFlight;
  return run !== undefined && (run.slot ?? 0) === slot;
}

/** The latest result at the study's own budget for this experiment, which a longer budget is compared with. */
export function ordinaryConfirmation(
  { confirmations }: HeldOut,
  experiment: number,
  split?: ConfirmationRecord['split'],
): ConfirmationRecord | undefined {
  return confirmations.findLast(
    (record) =>
      record.experiment === experiment &&
      record.gain !== undefined &&
      record.budgetSeconds === undefined &&
      (split === undefined || record.split === split),
  );
}

/** The contender with this name; a bug when there is none. */
export function contenderOf(
  { confirmations }: HeldOut,
  { confirmation, contender }: { confirmation: number; contender: string },
): ContenderRecord {
  const found = confirmations[confirmation - 1]?.contenders.find((candidate) => candidate.contender === contender);
  ok(found !== undefined, `confirmation ${confirmation} has a contender ${contender}`);
  return found;
}
