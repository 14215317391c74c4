/**
 * The table of `nocturne log`, made for 80 columns.
 */
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { formatMetric } from '../../core/format.ts';
import { plainText } from '../../core/plain-text.ts';
import type { ExperimentRow, ExperimentStatus } from '../../core/views/experiment-row.ts';

const colours: Readonly<Record<ExperimentStatus, (text: string) => string>> = {
  baseline: pc.bold,
  kept: pc.green,
  reverted: pc.dim,
  failed: pc.red,
  running: pc.cyan,
};

/** A header and one line per experiment, cut to the terminal's width. */
export function logLines(metric: string, rows: readonly ExperimentRow[], width = process.stdout.columns ?? 80): string {
  const header = pc.dim(
    `${'#'.padStart(4)}  ${'status'.padEnd(8)}  ${metric.slice(0, 9).padStart(9)}  ${'gain'.padStart(9)}  what`,
  );
  const lines = rows.map((row) => colours[row.status](lineOf(row, width)));
  return [header, ...lines].join('\n');
}

function lineOf(row: ExperimentRow, width: number): string {
  const metric = row.metric === null ? '' : formatMetric(row.metric);
  const gain = row.delta === null || row.status === 'baseline' ? '' : signed(row.delta);
  const what = row.status === 'failed' ? `${row.title}: ${row.reason}` : row.title;
  const line = `${String(row.experiment).padStart(4)}  ${row.status.padEnd(8)}  ${metric.padStart(9)}  ${gain.padStart(9)}  `;
  const text = stripVTControlCharacters(plainText(what)).replace(/\s+/g, ' ');
  const room = Math.max(20, width - line.length);
  return line + (text.length <= room ? text : `${text.slice(0, room - 1)}…`);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${formatMetric(value)}`;
}
