/**
 * The table of `nocturne studies`, made for 80 columns.
 */
import { formatAt, formatPercent } from '../../core/base/format.ts';
import type { StudyRow } from '../../core/views/study-row.ts';
import { coloursFor } from './colours.ts';
import { cutTo } from './fit-text.ts';

/** A header and one line per study. */
export function studiesTable(rows: readonly StudyRow[], stream: NodeJS.WriteStream = process.stdout): string {
  const width = Math.max(12, ...rows.map(({ tag }) => tag.length)) + 2;
  const header = lineOf(width, ['study', 'state', 'kept', 'best', 'gain', 'last entry']);
  const lines = rows.map((row) => lineOf(width, cellsOf(row)));
  return [coloursFor(stream).dim(header), ...lines].map((line) => cutTo(line, stream.columns || 80)).join('\n');
}

type Cells = readonly [string, string, string, string, string, string];

function cellsOf({ tag, state, metric, decimals, baseline, best, experiments, kept, gain, lastAt }: StudyRow): Cells {
  const share = gain === null || !baseline?.mean ? '' : formatPercent(gain / Math.abs(baseline.mean));
  const score = best ? `${metric} ${formatAt(best.mean, decimals)}` : `${metric} not measured`;
  return [tag, state, `${kept} of ${experiments}`, score, gain === 0 ? 'none' : share, lastAt.slice(0, 10)];
}

function lineOf(width: number, [tag, state, kept, best, gain, last]: Cells): string {
  const columns = [
    tag.padEnd(width),
    state.padEnd(12),
    kept.padEnd(10),
    best.padEnd(22),
    gain.padStart(6),
    `  ${last}`,
  ];
  return columns.join('').trimEnd();
}
