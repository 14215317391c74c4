/**
 * The table of `nocturne log`, made for 80 columns.
 */
import { stripVTControlCharacters } from 'node:util';
import { formatAt, formatSigned, withNotes } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { estimateToTell } from '../../core/journal/estimate-to-tell.ts';
import type { ExperimentRow } from '../../core/journal/experiment-row.ts';
import { failureText } from '../../core/journal/failure-text.ts';
import type { History } from '../../core/journal/history.ts';
import { metricDecimals } from '../../core/journal/metric-decimals.ts';
import { coloursFor } from './colours.ts';
import { cutTo } from './fit-text.ts';

/** A header and one line per experiment, cut to the terminal's width; with reasons, below it why its researcher was asked. */
export function logLines(
  history: History,
  rows: readonly ExperimentRow[],
  stream: NodeJS.WriteStream = process.stdout,
  hasReasons = false,
): string {
  const { bold, green, dim, red, cyan } = coloursFor(stream);
  const colours = { baseline: bold, kept: green, reverted: dim, failed: red, dropped: dim, running: cyan };
  const width = stream.columns || 80;
  const { name } = history.frozen.metric;
  const decimals = metricDecimals(history);
  const header = dim(
    `${'#'.padStart(4)}  ${'status'.padEnd(8)}  ${name.slice(0, 9).padStart(9)}  ${'gain'.padStart(9)}  what`,
  );
  const lines = rows.flatMap((row) => [
    colours[row.status](lineOf(row, decimals, width)),
    ...(hasReasons && row.arm !== null && row.why ? [dim(`      ${row.arm}: ${plainText(row.why)}`)] : []),
  ]);
  return withNotes([header, ...lines].join('\n'));
}

function lineOf(row: ExperimentRow, decimals: number, width: number): string {
  const metric = row.metric === null ? '' : formatAt(row.metric, decimals);
  const gain = row.gain === null ? '' : formatSigned(row.gain, decimals);
  const mark = marksOf(row, decimals);
  const what = mark + whatOf(row);
  const line = `${String(row.experiment).padStart(4)}  ${row.status.padEnd(8)}  ${metric.padStart(9)}  ${gain.padStart(9)}  `;
  const text = stripVTControlCharacters(plainText(what)).replace(/\s+/g, ' ');
  const room = Math.max(20, width - line.length);
  return line + cutTo(text, room);
}

/** Its title; of what has no score by its own doing or because it was dropped, the reason too. */
function whatOf({ status, title, outcome, reason }: ExperimentRow): string {
  return status === 'failed' || status === 'dropped' ? `${title}: ${failureText(outcome, reason)}` : title;
}

/** What a reader must know beside the two figures, in brackets: a score that only the script vouches for, contended runs, and why it was kept where the measured gain does not say so. */
function marksOf(row: ExperimentRow, decimals: number): string {
  const marks = [
    row.slot === null ? '' : `[slot ${row.slot}] `,
    row.vouched === 'self-reported' ? '[self-reported] ' : '',
    row.contended === 0 ? '' : `[${row.contended} contended] `,
    row.status === 'kept' ? groundsOf(row, decimals) : '',
  ];
  return marks.join('');
}

function groundsOf(row: ExperimentRow, decimals: number): string {
  const estimate = estimateToTell(row);
  if (estimate !== undefined) return `[estimated ${formatSigned(estimate, decimals)}] `;
  return row.gain !== null && row.gain <= 0 ? '[simpler] ' : '';
}
