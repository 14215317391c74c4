/**
 * What the report says of confirmations and of the overfitting gauge, in Markdown: the claim that heads it, and the tables.
 */

import type { GaugeReading } from '../confirm/gauge-reading.ts';
import { formatMetric } from '../format.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import { claimLines, gainText, stepLines } from './confirmation-text.ts';
import { finishedConfirmations } from './confirmed-status.ts';

/** The claim of the latest confirmation; empty before the first. */
export function confirmedHeadline(history: WholeHistory): string {
  const record = finishedConfirmations(history).at(-1);
  if (!record?.gain) return '';
  const [what = '', ...claims] = claimLines(history, record, record.gain);
  return [`**Confirmed.** ${what}`, ...claims].join('\n');
}

/** The steps' worth, earlier confirmations, and validation against holdout; empty when there is nothing of it. */
export function confirmationSection(history: WholeHistory): string {
  const parts = [ablationText(history), earlierText(history), gaugeText(history)].filter(Boolean);
  return parts.length === 0 ? '' : ['## Held out', ...parts].join('\n\n');
}

function ablationText(history: WholeHistory): string {
  const record = finishedConfirmations(history).findLast(({ isAblated }) => isAblated);
  if (!record?.gain) return '';
  const lines = stepLines(history, record, record.gain).map((line) => `- ${escapeMarkdown(line.trim())}`);
  return [`What each kept step is worth in the final (confirmation ${record.confirmation}):`, '', ...lines].join('\n');
}

function earlierText(history: WholeHistory): string {
  const earlier = finishedConfirmations(history).slice(0, -1);
  if (earlier.length === 0) return '';
  const lines = earlier.map(({ confirmation, experiment, split, gain }) => {
    const found = gain?.comparison ? gainText(gain.comparison) : 'no score';
    return `- confirmation ${confirmation}, experiment ${experiment} on ${split}: ${found}`;
  });
  return ['Earlier confirmations, none of which is forgotten:', '', ...lines].join('\n');
}

function gaugeText({ frozen, heldOut }: WholeHistory): string {
  const { gauge } = heldOut;
  if (!gauge) return '';
  if (gauge.isSplitIgnored) return 'The scorer gives the same numbers on both splits, so nothing is held out.';
  const rows = gauge.rows.map((row) => {
    const cells = [row.validationGain, row.holdoutGain, row.limit].map((cell) =>
      cell === undefined ? 'unknown' : formatMetric(cell),
    );
    return `| ${row.experiment} | ${row.runs} | ${cells.join(' | ')} | ${row.isParted ? 'yes' : ''} |`;
  });
  return [
    `The gain in ${frozen.metric.name} over the baseline on validation, which the study selected on, and on the holdout, of the same saved weights:`,
    '',
    '| # | runs | validation | holdout | may part by | parted |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    noiseText(gauge),
    gauge.warning === undefined ? '' : `\n**${gauge.warning}.**`,
  ]
    .join('\n')
    .trimEnd();
}

function noiseText({ sigma, degreesOfFreedom }: GaugeReading): string {
  if (sigma === undefined) return 'How far they may part is unknown: no candidate ran twice.';
  return `They may part by two standard errors, from a sigma of ${formatMetric(sigma)} of a run's holdout minus validation score (${degreesOfFreedom} degrees of freedom).`;
}

/** Titles may hold anything; they must not become headings, links or table cells. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&');
}
