/**
 * What a confirmation at a longer budget found, as data and in words: the gain at the study's budget beside the gain at
 * the longer one.
 */
import { formatDuration, formatMetric, formatWithError, withNotes } from '../base/format.ts';
import type { CarryOver, Comparison } from '../journal/confirmed-gain.ts';
import type { ConfirmationRecord, WholeHistory } from '../journal/held-out.ts';

/** A gain, and half of its 95 % interval; null where it is not known. */
export interface GainFigures {
  readonly gain: number | null;
  readonly half: number | null;
}

export interface LastingGain {
  readonly confirmation: number;
  readonly experiment: number;
  /** Whether the experiment is still the study's best. */
  readonly isCurrent: boolean;
  readonly split: 'validation' | 'holdout';
  readonly studySeconds: number;
  readonly longerSeconds: number;
  readonly study: GainFigures;
  readonly longer: GainFigures;
  readonly verdict: CarryOver['verdict'];
  readonly reason: string;
  /** One sentence each. */
  readonly claims: readonly string[];
}

/** Every confirmation at a longer budget that has its result, the latest first. */
export function lastingGains(whole: WholeHistory): LastingGain[] {
  return whole.heldOut.confirmations.flatMap((record) => lastingGain(whole, record) ?? []).toReversed();
}

/** The result of one for a terminal; undefined while there is none. */
export function lastingText(whole: WholeHistory, record: ConfirmationRecord): string | undefined {
  const claims = lastingGain(whole, record)?.claims.join('\n');
  return claims && withNotes(claims);
}

/** Such as `0.0338 ± 0.0125`, or `unknown`. */
export function gainFigures({ gain, half }: GainFigures): string {
  if (gain === null) return 'unknown';
  return half === null ? `${formatMetric(gain)} (no error bar)` : formatWithError(gain, half);
}

/** The same of a comparison; without one, no score was given. */
export function gainWithError(comparison: Comparison | undefined): string {
  return gainFigures(figuresOf(comparison));
}

function lastingGain({ history, heldOut }: WholeHistory, record: ConfirmationRecord): LastingGain | undefined {
  const { confirmation, experiment, split, budgetSeconds, gain, carryOver } = record;
  if (!gain || !carryOver || budgetSeconds === undefined) return undefined;
  const { verdict, reason, against } = carryOver;
  const ordinary = against === undefined ? undefined : heldOut.confirmations[against - 1];
  const found = {
    confirmation,
    experiment,
    isCurrent: experiment === history.incumbent,
    split,
    studySeconds: history.frozen.budgetSeconds,
    longerSeconds: budgetSeconds,
    study: figuresOf(ordinary?.gain?.comparison),
    longer: figuresOf(gain.comparison),
    verdict,
    reason,
  };
  return { ...found, claims: claimsOf(found, record) };
}

function claimsOf(found: Omit<LastingGain, 'claims'>, { runs, split, reason }: ConfirmationRecord): string[] {
  const { experiment, studySeconds, longerSeconds, study, longer, verdict } = found;
  const where = split === 'holdout' ? 'on the holdout' : `on validation: ${reason}`;
  return [
    `Experiment ${experiment} against the baseline at ${formatDuration(longerSeconds)} a run, ${runs} pairs of fresh seeds, ${where}.`,
    `Gain at ${formatDuration(studySeconds)}: ${gainFigures(study)}; at ${formatDuration(longerSeconds)}: ${gainFigures(longer)}${shareText(study, longer)}.`,
    `${verdictWords[verdict]}: ${found.reason}.`,
    found.isCurrent ? '' : `The study has moved on since: experiment ${experiment} is not its best any more.`,
  ].filter(Boolean);
}

const verdictWords: Readonly<Record<CarryOver['verdict'], string>> = {
  'carries over': 'The gain carries over',
  partly: 'The gain carries over in part',
  gone: 'The gain is gone',
  'cannot tell': 'Whether the gain carries over cannot be told',
};

/** What is left of a gain, where that gain is shown. */
function shareText(study: GainFigures, longer: GainFigures): string {
  if (study.gain === null || study.half === null || longer.gain === null || study.gain <= study.half) return '';
  return `, ${Math.round((100 * longer.gain) / study.gain)} % of it`;
}

function figuresOf(comparison: Comparison | undefined): GainFigures {
  const interval = comparison?.interval;
  return { gain: comparison?.gain ?? null, half: interval ? (interval[1] - interval[0]) / 2 : null };
}
