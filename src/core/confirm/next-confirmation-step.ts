/**
 * What a confirmation does next, as one pure function of the history: starting, going on after a crash and ending are
 * all this one path.
 */
import { ok } from '../base/errors.ts';
import { hashText } from '../base/random.ts';
import type { ConfirmationRecord, ContenderRecord, HeldOut, WholeHistory } from '../journal/held-out.ts';
import { slotsOf } from './contender-slots.ts';

export interface ConfirmationRun {
  readonly confirmation: number;
  readonly contender: string;
  readonly run: number;
  readonly seed: number;
}

export type ConfirmationStep =
  /** Decide the contenders, and make the commits of those that leave a step out. */
  | { readonly kind: 'plan-confirmation' }
  | ({ readonly kind: 'start-run' } & ConfirmationRun)
  | ({ readonly kind: 'await-run' } & ConfirmationRun)
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

/** The one thing to do now for this confirmation. */
export function nextConfirmationStep(whole: WholeHistory, confirmation: number): ConfirmationStep {
  const record = whole.heldOut.confirmations[confirmation - 1];
  if (!record) return { kind: 'plan-confirmation' };
  if (record.gain) return { kind: 'done' };
  for (const { contender, runs } of record.contenders) {
    const inFlight = runs.find((run) => !run.result);
    if (inFlight) return { kind: 'await-run', confirmation, contender, run: inFlight.run, seed: inFlight.seed };
  }
  const contender = nextContender(record);
  if (!contender) return { kind: 'conclude' };
  const { settled, seed } = slotsOf(contender);
  return {
    kind: 'start-run',
    confirmation,
    contender: contender.contender,
    run: contender.runs.length + 1,
    seed: seed ?? confirmationSeed(whole, record, contender.contender, settled.length + 1),
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

/** The seed of the pair's other run, where that was made first. */
function pairSeed({ contenders }: ConfirmationRecord, index: number): number | undefined {
  return contenders.map((contender) => slotsOf(contender).settled[index - 1]?.seed).find((seed) => seed !== undefined);
}

function usedSeeds({ history, heldOut }: WholeHistory): ReadonlySet<number> {
  const contenders = heldOut.confirmations.flatMap((confirmation) => confirmation.contenders);
  return new Set([...history.experiments, ...contenders].flatMap(({ runs }) => runs.map((run) => run.seed)));
}

/** The contenders take turns, every second round in reverse, so that a drift of the machine favours none. */
function nextContender({ contenders, runs }: ConfirmationRecord): ContenderRecord | undefined {
  const done = new Map(contenders.map((contender) => [contender, slotsOf(contender).settled.length]));
  for (let round = 1; round <= runs; round++) {
    const order = round % 2 === 1 ? contenders : contenders.toReversed();
    const next = order.find((contender) => (done.get(contender) ?? 0) < round);
    if (next) return next;
  }
  return undefined;
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
