/**
 * The latest result of `nocturne confirm`, as `status --json` prints it.
 */
import type { ConfirmedGain } from '../journal/confirmed-gain.ts';
import type { ConfirmationRecord, HeldOut, WholeHistory } from '../journal/held-out.ts';
import { isShown } from './confirmation-text.ts';

export interface ConfirmedStatus extends ConfirmedGain {
  readonly confirmation: number;
  /** The incumbent that was confirmed; the study may have moved on since. */
  readonly experiment: number;
  readonly isCurrent: boolean;
  /** Whether the whole 95 % interval of the gain is above zero. */
  readonly isShown: boolean;
  readonly split: 'validation' | 'holdout';
  readonly runs: number;
  /** Number of confirmations with a result, this one included: of many, some show a gain by chance. */
  readonly confirmations: number;
}

/** The latest confirmation that has its result; null before the first. */
export function confirmedStatus({ history, heldOut }: WholeHistory): ConfirmedStatus | null {
  const finished = finishedConfirmations(heldOut);
  const record = finished.at(-1);
  if (!record?.gain) return null;
  const { confirmation, experiment, split, runs, gain } = record;
  const isCurrent = experiment === history.incumbent;
  const shown = isShown(gain.comparison);
  return { confirmation, experiment, isCurrent, isShown: shown, split, runs, confirmations: finished.length, ...gain };
}

/** The confirmations at the study's own budget that have their result, oldest first. */
export function finishedConfirmations({ confirmations }: HeldOut): readonly ConfirmationRecord[] {
  return confirmations.filter((record) => record.gain && record.budgetSeconds === undefined);
}
