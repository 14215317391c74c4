/**
 * The confirmed gain, which heads the report once there is one, and everything else that was held out of the study's
 * own decisions: what each kept step gains, earlier confirmations, the overfitting gauge.
 */
import { gaugeOf } from '../../confirm/read-gauge.ts';
import type { GaugeReading } from '../../journal/gauge-reading.ts';
import type { WholeHistory } from '../../journal/held-out.ts';
import { claimLines, comparisonDecimals, gainText, isShown, stepLines } from '../confirmation-text.ts';
import { confirmedStatus, finishedConfirmations } from '../confirmed-status.ts';

export interface Confirmed {
  readonly confirmation: number;
  readonly experiment: number;
  /** Whether the confirmed experiment is still the study's best. */
  readonly isCurrent: boolean;
  readonly split: 'validation' | 'holdout';
  /** Decimals of its figures. */
  readonly decimals: number;
  /** Null when one of the two gave no score. */
  readonly gain: number | null;
  readonly interval: readonly [number, number] | null;
  readonly p: number | null;
  /** Whether the interval is above zero. */
  readonly isShown: boolean;
  /** What is claimed, on which data and by which tests: one sentence each. */
  readonly claims: readonly string[];
}

export interface HeldOutFindings {
  /** What each kept step gains in the final, by the latest confirmation that left them out. */
  readonly steps: readonly string[];
  readonly earlier: readonly string[];
  readonly gauge: GaugeReading | undefined;
}

/** The latest confirmation; undefined before the first. */
export function confirmedOf(whole: WholeHistory): Confirmed | undefined {
  const status = confirmedStatus(whole);
  const record = finishedConfirmations(whole.heldOut).at(-1);
  if (!status || !record?.gain) return undefined;
  const { confirmation, experiment, isCurrent, split, comparison } = status;
  return {
    confirmation,
    experiment,
    isCurrent,
    split,
    decimals: comparison ? comparisonDecimals(comparison) : 0,
    gain: comparison?.gain ?? null,
    interval: comparison?.interval ?? null,
    p: comparison?.p ?? null,
    isShown: isShown(comparison),
    claims: claimLines(whole.history, record, record.gain),
  };
}

/** What was held out, in words; undefined when there are no steps, no earlier confirmations and no gauge. */
export function heldOutOf({ history, heldOut }: WholeHistory): HeldOutFindings | undefined {
  const finished = finishedConfirmations(heldOut);
  const ablated = finished.findLast(({ isAblated }) => isAblated);
  const steps = ablated?.gain ? stepLines(history, ablated, ablated.gain).map((line) => line.trim()) : [];
  const earlier = finished.slice(0, -1).map(({ confirmation, experiment, split, gain }) => {
    const found = gain?.comparison ? gainText(gain.comparison) : 'no score';
    return `confirmation ${confirmation}, experiment ${experiment} on ${split}: ${found}`;
  });
  const gauge = gaugeOf({ history, heldOut });
  return steps.length + earlier.length === 0 && !gauge ? undefined : { steps, earlier, gauge };
}
