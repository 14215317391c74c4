/**
 * The table of `nocturne log`, made for 80 columns.
 */
import { stripVTControlCharacters } from 'node:util';
import { formatAt, formatDuration, formatSigned, withNotes } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { estimateToTell } from '../../core/journal/estimate-to-tell.ts';
import type { ExperimentRow } from '../../core/journal/experiment-row.ts';
import { failureText } from '../../core/journal/failure-text.ts';
import type { History } from '../../core/journal/history.ts';
import { metricDecimals } from '../../core/journal/metric-decimals.ts';
import { coloursFor } from './colours.ts';
import { cutBetweenWords } from './fit-text.ts';
import { timeOfDay } from './time-of-day.ts';

/** A header and one line per experiment, cut between words to the terminal's width; with reasons, below it why its researcher was asked. */
export function logLines(
  history: History,
  rows: readonly ExperimentRow[],
  stream: NodeJS.WriteStream = process.stdout,
  hasReasons = false,
): string {
  const { bold, green, dim, red, cyan } = coloursFor(stream);
  const colours = { baseline: bold, kept: green, reverted: dim, failed: red, dropped: dim, running: cyan };
  const width = stream.columns || 80;
  const decimals = metricDecimals(history);
  const named = [history.frozen.metric.name.slice(0, maxName), 'gain', 'began', 'took'];
  const cells = rows.map((row) => cellsOf(row, decimals));
  const marks = rows.map((row) => marksOf(row, decimals));
  const all = named.map((_, column) => Math.max(...[named, ...cells].map((line) => line[column]?.length ?? 0)));
  const left =
    width - beginningOf('#', 'status', named, all).length - Math.max(0, ...marks.map(({ length }) => length));
  // How long it took is in `show` too; what was tried is what a reader looks for.
  const widths = left < minTitle ? all.slice(0, -1) : all;
  const header = beginningOf('#', 'status', named, widths);
  const room = Math.max(minRoom, width - header.length);
  const lines = rows.flatMap((row, index) => {
    const beginning = beginningOf(String(row.experiment), row.status, cells[index] ?? [], widths);
    return [
      colours[row.status](beginning + cutBetweenWords(textOf(row, marks[index] ?? ''), room)),
      ...(hasReasons && row.arm !== null && row.why ? [dim(`      ${row.arm}: ${plainText(row.why)}`)] : []),
    ];
  });
  return withNotes([dim(`${header}what`), ...lines].join('\n'));
}

/**
 * Characters of the metric's name that stand above its column; the fewest columns for marks and title; and for a title, below which
 * the last column is left out.
 */
const [maxName, minRoom, minTitle] = [9, 20, 24];

/** Score, gain, when it began and how long its runs took; each empty where there is none. */
function cellsOf(row: ExperimentRow, decimals: number): readonly string[] {
  return [
    row.metric === null ? '' : formatAt(row.metric, decimals),
    row.gain === null ? '' : formatSigned(row.gain, decimals),
    timeOfDay(row.startedAt),
    row.seconds === 0 ? '' : formatDuration(row.seconds),
  ];
}

/** With the columns that have a width. */
function beginningOf(number: string, status: string, cells: readonly string[], widths: readonly number[]): string {
  const columns = widths.map((width, index) => (cells[index] ?? '').padStart(width));
  return `${[number.padStart(4), status.padEnd(8), ...columns].join('  ')}  `;
}

function textOf(row: ExperimentRow, marks: string): string {
  return stripVTControlCharacters(plainText(marks + whatOf(row))).replace(/\s+/g, ' ');
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
