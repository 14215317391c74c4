/**
 * A confirmation in words: the gain, how sure it is, and what each kept step gains. The same lines are shown in the
 * terminal, and in the report as Markdown.
 */

import { decimalsFor, formatAt, formatMetric, formatRounded, withNotes } from '../base/format.ts';
import { plainLine } from '../base/plain-text.ts';
import type { Comparison, ConfirmedGain, ContenderSummary } from '../journal/confirmed-gain.ts';
import type { ConfirmationRecord, WholeHistory } from '../journal/held-out.ts';
import { experimentOf, type History } from '../journal/history.ts';
import { halfWidths } from '../journal/interval.ts';
import { lastingText } from './lasting-gain.ts';

/** What stands above the lines of the kept steps. */
export const stepsHeading = 'What each kept step gains in the final:';

/** The result of this confirmation for a terminal; undefined while there is none. */
export function confirmationText({ history, heldOut }: WholeHistory, confirmation: number): string | undefined {
  const record = heldOut.confirmations[confirmation - 1];
  if (!record?.gain) return undefined;
  if (record.budgetSeconds !== undefined) return lastingText({ history, heldOut }, record);
  const steps = stepLines(history, record, record.gain);
  const table = steps.length === 0 ? [] : ['', stepsHeading, ...steps];
  return withNotes([...claimLines(history, record, record.gain), ...table].join('\n'));
}

/** What is claimed, on which data, and by which tests: one sentence per line. */
export function claimLines({ frozen, incumbent }: History, record: ConfirmationRecord, gain: ConfirmedGain): string[] {
  const { experiment, split, reason, runs } = record;
  const where = split === 'holdout' ? 'on the holdout, which no decision has seen' : `on validation: ${reason}`;
  return [
    `Experiment ${experiment} against the baseline, ${runs} fresh seeds each, ${where}.`,
    `${frozen.metric.name}: ${[gain.baseline, gain.final].map((each) => contenderText(each, gain.comparison)).join(' -> ')}`,
    gain.comparison ? gainText(gain.comparison) : 'Nothing can be said: one of the two gave no score.',
    gain.comparison?.interval ? doubtText(gain.comparison.interval) : '',
    experiment === incumbent ? '' : `The study has moved on since: its best is experiment ${incumbent} now.`,
  ].filter(Boolean);
}

/** Whether the fresh runs show a gain: the whole interval is above zero. */
export function isShown(comparison: Comparison | undefined): boolean {
  return (comparison?.interval?.[0] ?? 0) > 0;
}

/** Decimals of a compared gain, two digits of its standard error; where there is none, three of the gain itself. */
export function comparisonDecimals({ gain, standardError }: Pick<Comparison, 'gain' | 'standardError'>): number {
  if (standardError !== undefined && standardError > 0) return decimalsFor(standardError);
  return gain === 0 ? 4 : decimalsFor(Math.abs(gain)) + 1;
}

/** Such as `Gain 0.0338 (95 % interval 0.021 to 0.046), p = 0.0003 by Welch's t, 5 of 5 pairs better.` */
export function gainText({ gain, standardError, interval, p, signFlipP, better, pairs }: Comparison): string {
  const decimals = comparisonDecimals({ gain, standardError });
  const range = interval ? ` (95 % interval ${interval.map((end) => formatAt(end, decimals)).join(' to ')})` : '';
  const tests = [
    p === undefined ? 'no error bar: too few scores, or no spread between seeds' : `${pText(p)} by Welch's t`,
    signFlipP === undefined ? '' : `${pText(signFlipP)} by exact sign-flips`,
    `${better} of ${pairs} pairs better`,
  ];
  return `Gain ${formatAt(gain, decimals)}${range}, ${tests.filter(Boolean).join(', ')}.`;
}

/** One line for each kept step: what it gains, or why that could not be measured. */
export function stepLines(history: History, record: ConfirmationRecord, gain: ConfirmedGain): string[] {
  const measured = gain.steps.map(({ experiment, comparison, without }) => {
    const found = comparison ? gainText(comparison) : `no score without it (${contenderText(without, undefined)})`;
    return { experiment, text: `${found.replace(/^Gain/, 'gain').replace(/\.$/, '')}${failures(without)}` };
  });
  const inseparable = record.inseparable.map(({ experiment, reason }) => ({ experiment, text: reason }));
  return [...measured, ...inseparable]
    .sort((a, b) => a.experiment - b.experiment)
    .map(({ experiment, text }) => `  ${experiment}. ${titleOf(history, experiment)}: ${text}`);
}

/** The mean, and half of its 95 % interval from the spread of its own runs. */
function contenderText({ mean, sd, n, failed }: ContenderSummary, comparison: Comparison | undefined): string {
  if (mean === undefined) return `no score (${failed} of ${n + failed} runs failed)`;
  if (sd === undefined || sd === 0) return `${formatMetric(mean)}${failures({ n, failed })}`;
  const error = halfWidths({ sigma: sd, degreesOfFreedom: n - 1 })(1 / n);
  const decimals = comparison ? comparisonDecimals(comparison) : decimalsFor(error);
  return `${formatAt(mean, decimals)} ± ${formatAt(error, decimals)}${failures({ n, failed })}`;
}

function failures({ n, failed }: Pick<ContenderSummary, 'n' | 'failed'>): string {
  return failed === 0 || n === 0 ? '' : ` (${failed} of ${n + failed} runs failed)`;
}

function pText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${formatRounded(p, 2)}`;
}

/** Why the interval confirms nothing; empty when it does. */
function doubtText([low, high]: readonly [number, number]): string {
  if (low > 0) return '';
  return high < 0
    ? 'The interval lies below zero: these runs show a loss.'
    : 'The interval includes zero: these runs do not show a gain.';
}

function titleOf(history: History, experiment: number): string {
  return plainLine(experimentOf(history, experiment).proposal?.title ?? '');
}
