/**
 * The table of `nocturne studies`, made for 80 columns.
 */
import { formatAt, formatPercent } from '../../core/base/format.ts';
import type { StudyRow } from '../../core/views/study-row.ts';
import { coloursFor } from './colours.ts';
import { cutTo, padTo, widthOf } from './fit-text.ts';
import { calendarDay } from './time-of-day.ts';

/** A header and one line per study. */
export function studiesTable(rows: readonly StudyRow[], stream: NodeJS.WriteStream = process.stdout): string {
  const table = [header, ...rows.map(cellsOf)];
  const widths = leastWidths.map((least, column) =>
    Math.max(least, ...table.map((cells) => widthOf(cells[column] ?? ''))),
  );
  const [first = '', ...lines] = table.map((cells) => cutTo(lineOf(cells, widths), stream.columns || 80));
  return [coloursFor(stream).dim(first), ...lines].join('\n');
}

type Cells = readonly [tag: string, state: string, kept: string, best: string, gain: string, last: string];

const header: Cells = ['study', 'state', 'kept', 'best', 'gain', 'last entry'];

/** Columns are wider where a name or a count needs it, so that none runs into the next. */
const leastWidths = [12, 10, 8, 16, 6, 10] as const;

function cellsOf({ tag, state, metric, decimals, baseline, best, experiments, kept, gain, lastAt }: StudyRow): Cells {
  const share = gain === null || !baseline?.mean ? '' : formatPercent(gain / Math.abs(baseline.mean));
  const score = best ? `${metric} ${formatAt(best.mean, decimals)}` : `${metric} not measured`;
  return [tag, state, `${kept} of ${experiments}`, score, gain === 0 ? 'none' : share, calendarDay(lastAt)];
}

function lineOf(cells: Cells, widths: readonly number[]): string {
  const padded = cells.map((cell, column) => {
    const width = widths[column] ?? 0;
    return column === gainColumn ? cell.padStart(width) : padTo(cell, width);
  });
  return padded.join('  ').trimEnd();
}

const gainColumn = 4;
