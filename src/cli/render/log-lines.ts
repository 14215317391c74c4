/**
 * The table of `nocturne log`, made for 80 columns.
 */
import { stripVTControlCharacters } from 'node:util';
import { formatMetric } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import type { ExperimentRow } from '../../core/journal/experiment-row.ts';
import { coloursFor } from './colours.ts';
import { cutTo } from './fit-text.ts';

/** A header and one line per experiment, cut to the terminal's width; with reasons, below it why its arm was asked. */
export function logLines(
  metric: string,
  rows: readonly ExperimentRow[],
  stream: NodeJS.WriteStream = process.stdout,
  hasReasons = false,
): string {
  const { bold, green, dim, red, cyan } = coloursFor(stream);
  const colours = { baseline: bold, kept: green, reverted: dim, failed: red, running: cyan };
  const width = stream.columns || 80;
  const header = dim(
    `${'#'.padStart(4)}  ${'status'.padEnd(8)}  ${metric.slice(0, 9).padStart(9)}  ${'gain'.padStart(9)}  what`,
  );
  const lines = rows.flatMap((row) => [
    colours[row.status](lineOf(row, width)),
    ...(hasReasons && row.arm !== null && row.why ? [dim(`      ${row.arm}: ${plainText(row.why)}`)] : []),
  ]);
  return [header, ...lines].join('\n');
}

function lineOf(row: ExperimentRow, width: number): string {
  const metric = row.metric === null ? '' : formatMetric(row.metric);
  const gain = row.delta === null || row.status === 'baseline' ? '' : signed(row.delta);
  const mark = row.contended === 0 ? '' : `[${row.contended} contended] `;
  const what = mark + (row.status === 'failed' ? `${row.title}: ${row.reason}` : row.title);
  const line = `${String(row.experiment).padStart(4)}  ${row.status.padEnd(8)}  ${metric.padStart(9)}  ${gain.padStart(9)}  `;
  const text = stripVTControlCharacters(plainText(what)).replace(/\s+/g, ' ');
  const room = Math.max(20, width - line.length);
  return line + cutTo(text, room);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${formatMetric(value)}`;
}
