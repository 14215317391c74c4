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
  const widths = named.map((_, column) => Math.max(...[named, ...cells].map((line) => line[column]?.length ?? 0)));
  const header = beginningOf('#', 'status', named, widths);
  // What holds for all of them is said once, below.
  const areSelfReported = rows.every(({ metric, vouched }) => metric === null || vouched === 'self-reported');
  const room = Math.max(minRoom, width - header.length);
  const lines = rows.flatMap((row, index) => {
    const beginning = beginningOf(String(row.experiment), row.status, cells[index] ?? [], widths);
    return [
      colours[row.status](beginning + cutBetweenWords(textOf(row, decimals, areSelfReported), room)),
      ...(hasReasons && row.arm !== null && row.why ? [dim(`      ${row.arm}: ${plainText(row.why)}`)] : []),
    ];
  });
  const isScored = rows.some(({ metric }) => metric !== null);
  const note = areSelfReported && isScored ? ['All scores are self-reported: the script alone vouches for them.'] : [];
  return withNotes([dim(`${header}what`), ...lines, ...note].join('\n'));
}

/** Characters of the metric's name that stand above its column, and the fewest columns for what was tried. */
const [maxName, minRoom] = [9, 20];

/** Score, gain, when it began and how long its runs took; each empty where there is none. */
function cellsOf(row: ExperimentRow, decimals: number): readonly string[] {
  return [
    row.metric === null ? '' : formatAt(row.metric, decimals),
    row.gain === null ? '' : formatSigned(row.gain, decimals),
    timeOfDay(row.startedAt),
    row.seconds === 0 ? '' : formatDuration(row.seconds),
  ];
}

function beginningOf(number: string, status: string, cells: readonly string[], widths: readonly number[]): string {
  const columns = cells.map((cell, index) => cell.padStart(widths[index] ?? 0));
  return `${[number.padStart(4), status.padEnd(8), ...columns].join('  ')}  `;
}

function textOf(row: ExperimentRow, decimals: number, areSelfReported: boolean): string {
  return stripVTControlCharacters(plainText(marksOf(row, decimals, areSelfReported) + whatOf(row))).replace(
    /\s+/g,
    ' ',
  );
}

/** Its title; of what has no score by its own doing or because it was dropped, the reason too. */
function whatOf({ status, title, outcome, reason }: ExperimentRow): string {
  return status === 'failed' || status === 'dropped' ? `${title}: ${failureText(outcome, reason)}` : title;
}

/** What a reader must know beside the two figures, in brackets: a score that only the script vouches for, contended runs, and why it was kept where the measured gain does not say so. */
function marksOf(row: ExperimentRow, decimals: number, areSelfReported: boolean): string {
  const marks = [
    row.slot === null ? '' : `[slot ${row.slot}] `,
    row.vouched === 'self-reported' && !areSelfReported ? '[self-reported] ' : '',
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
