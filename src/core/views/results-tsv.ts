/**
 * The study as karpathy/autoresearch's `results.tsv`: five columns, one row per experiment that ran and has a verdict, in the order
 * of the verdicts.
 *
 * A crash has zeros for its figures, as in karpathy/autoresearch; the status `crash` tells that they are no score.
 */

import { type ExperimentRow, experimentRow, experimentRows, statusOf } from '../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import { mostPeakMemory } from '../run/peak-memory.ts';

const statusWords = {
  baseline: 'keep',
  kept: 'keep',
  reverted: 'discard',
  failed: 'crash',
  dropped: '',
  running: '',
} as const;

/** The header line. */
export function resultsHeader(history: History): string {
  return `commit\t${history.frozen.metric.name}\tmemory_gb\tstatus\tdescription\n`;
}

/** One experiment's line; empty for one that was dropped before it ran, whose zeros would be taken for a score. */
export function resultsLine(history: History, record: ExperimentRecord): string {
  return !hasRow(record) ? '' : lineOf(history, record, experimentRow(history, record));
}

/** The whole table. */
export function resultsTsv(history: History): string {
  const { experiments, settled } = history;
  // A baseline that fails has no verdict.
  const first = settled.length === 0 ? [0] : [];
  const judged = [...first, ...settled].flatMap((experiment) => experiments[experiment] ?? []).filter(hasRow);
  const rows = experimentRows(history, judged);
  return resultsHeader(history) + judged.map((record, index) => lineOf(history, record, rows[index])).join('');
}

function hasRow(record: ExperimentRecord): boolean {
  const status = statusOf(record);
  return status !== 'dropped' && status !== 'running';
}

function lineOf(history: History, record: ExperimentRecord, row: ExperimentRow | undefined): string {
  if (!row) return '';
  const cells = [
    (row.commit ?? '').slice(0, 7),
    (row.metric ?? 0).toFixed(6),
    ((mostPeakMemory(history, record) ?? 0) / 1024).toFixed(1),
    statusWords[row.status],
    row.title.replace(/\s+/g, ' '),
  ];
  return `${cells.join('\t')}\n`;
}
