/**
 * The table of `nocturne log`, made for 80 columns.
 */
import { stripVTControlCharacters } from 'node:util';
import { formatAt, formatSigned, withPlusMinusNote } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
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
  const colours = { baseline: bold, kept: green, reverted: dim, failed: red, running: cyan };
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
  return withPlusMinusNote([header, ...lines].join('\n'));
}

function lineOf(row: ExperimentRow, decimals: number, width: number): string {
  const metric = row.metric === null ? '' : formatAt(row.metric, decimals);
  const gain = row.gain === null ? '' : formatSigned(row.gain, decimals);
  const mark = marksOf(row, decimals);
  const what = mark + (row.status === 'failed' ? `${row.title}: ${failureText(row.outcome, row.reason)}` : row.title);
  const line = `${String(row.experiment).padStart(4)}  ${row.status.padEnd(8)}  ${metric.padStart(9)}  ${gain.padStart(9)}  `;
  const text = stripVTControlCharacters(plainText(what)).replace(/\s+/g, ' ');
  const room = Math.max(20, width - line.length);
  return line + cutTo(text, room);
}

/** What a reader must know beside the two figures, in brackets: contended runs, and why no measured gain was kept. */
function marksOf({ status, gain, estimatedGain, contended }: ExperimentRow, decimals: number): string {
  const isKeptForNothing = status === 'kept' && gain !== null && gain <= 0;
  const grounds =
    estimatedGain !== null && estimatedGain > 0 ? `estimated ${formatSigned(estimatedGain, decimals)}` : 'simpler';
  const marks = [contended === 0 ? '' : `[${contended} contended] `, isKeptForNothing ? `[${grounds}] ` : ''];
  return marks.join('');
}
