/**
 * A confirmation in words: the gain, how sure it is, and what each kept step is worth. The same lines are shown in
 * the terminal, and in the report as Markdown.
 */

import { formatMetric } from '../base/format.ts';
import { plainText } from '../base/plain-text.ts';
import type { Comparison, ConfirmedGain, ContenderSummary } from '../journal/confirmed-gain.ts';
import type { ConfirmationRecord, WholeHistory } from '../journal/held-out.ts';
import { experimentOf, type History } from '../journal/history.ts';
import { lastingText } from './lasting-gain.ts';

/** The result of this confirmation for a terminal; undefined while there is none. */
export function confirmationText({ history, heldOut }: WholeHistory, confirmation: number): string | undefined {
  const record = heldOut.confirmations[confirmation - 1];
  if (!record?.gain) return undefined;
  if (record.budgetSeconds !== undefined) return lastingText({ history, heldOut }, record);
  const steps = stepLines(history, record, record.gain);
  const table = steps.length === 0 ? [] : ['', 'What each kept step is worth in the final:', ...steps];
  return [...claimLines(history, record, record.gain), ...table].join('\n');
}

/** What is claimed, on which data, and by which tests: one sentence per line. */
export function claimLines({ frozen, incumbent }: History, record: ConfirmationRecord, gain: ConfirmedGain): string[] {
  const { experiment, split, reason, runs } = record;
  const where = split === 'holdout' ? 'on the holdout, which no decision has seen' : `on validation: ${reason}`;
  return [
    `Experiment ${experiment} against the baseline, ${runs} fresh seeds each, ${where}.`,
    `${frozen.metric.name}: ${contenderText(gain.baseline)} -> ${contenderText(gain.final)}`,
    gain.comparison ? gainText(gain.comparison) : 'Nothing can be said: one of the two gave no score.',
    gain.comparison?.interval ? doubtText(gain.comparison.interval) : '',
    experiment === incumbent ? '' : `The study has moved on since: its best is experiment ${incumbent} now.`,
  ].filter(Boolean);
}

/** Whether the fresh runs show a gain: the whole interval is above zero. */
export function isShown(comparison: Comparison | undefined): boolean {
  return (comparison?.interval?.[0] ?? 0) > 0;
}

/** Such as `Gain 0.0338 (95 % interval 0.021 to 0.046), p = 0.0003 by Welch's t, 5 of 5 pairs better.` */
export function gainText({ gain, interval, p, signFlipP, better, pairs }: Comparison): string {
  const range = interval ? ` (95 % interval ${formatMetric(interval[0])} to ${formatMetric(interval[1])})` : '';
  const tests = [
    p === undefined ? 'no error bar: too few scores, or no spread between seeds' : `${pText(p)} by Welch's t`,
    signFlipP === undefined ? '' : `${pText(signFlipP)} by exact sign-flips`,
    `${better} of ${pairs} pairs better`,
  ];
  return `Gain ${formatMetric(gain)}${range}, ${tests.filter(Boolean).join(', ')}.`;
}

/** One line for each kept step: what it is worth, or why that could not be measured. */
export function stepLines(history: History, record: ConfirmationRecord, gain: ConfirmedGain): string[] {
  const measured = gain.steps.map(({ experiment, comparison, without }) => {
    const worth = comparison ? gainText(comparison) : `no score without it (${contenderText(without)})`;
    return { experiment, text: `${worth.replace(/^Gain/, 'worth').replace(/\.$/, '')}${failures(without)}` };
  });
  const inseparable = record.inseparable.map(({ experiment, reason }) => ({ experiment, text: reason }));
  return [...measured, ...inseparable]
    .sort((a, b) => a.experiment - b.experiment)
    .map(({ experiment, text }) => `  ${experiment}. ${titleOf(history, experiment)}: ${text}`);
}

function contenderText({ mean, sd, n, failed }: ContenderSummary): string {
  if (mean === undefined) return `no score (${failed} of ${n + failed} runs failed)`;
  const spread = sd === undefined ? '' : ` ± ${formatMetric(sd)}`;
  return `${formatMetric(mean)}${spread}${failures({ n, failed })}`;
}

function failures({ n, failed }: Pick<ContenderSummary, 'n' | 'failed'>): string {
  return failed === 0 || n === 0 ? '' : ` (${failed} of ${n + failed} runs failed)`;
}

function pText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(2))}`;
}

/** Why the interval confirms nothing; empty when it does. */
function doubtText([low, high]: readonly [number, number]): string {
  if (low > 0) return '';
  return high < 0
    ? 'The interval lies below zero: these runs show a loss.'
    : 'The interval includes zero: these runs do not show a gain.';
}

function titleOf(history: History, experiment: number): string {
  const title = experimentOf(history, experiment).proposal?.title ?? '';
  return plainText(title).replace(/\s+/g, ' ').trim();
}
