/**
 * The study as karpathy/autoresearch's `results.tsv`: five columns, one row per experiment that has a verdict.
 *
 * A crash has zeros for its figures, as in karpathy/autoresearch; the status `crash` tells that they are no score.
 */

import { type ExperimentRow, experimentRow, experimentRows, statusOf } from '../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import { mostPeakMemory } from '../run/peak-memory.ts';

const statusWords = { baseline: 'keep', kept: 'keep', reverted: 'discard', failed: 'crash', running: '' } as const;

/** The header line. */
export function resultsHeader(history: History): string {
  return `commit\t${history.frozen.metric.name}\tmemory_gb\tstatus\tdescription\n`;
}

/** One experiment's line. */
export function resultsLine(history: History, record: ExperimentRecord): string {
  return lineOf(history, record, experimentRow(history, record));
}

/** The whole table. */
export function resultsTsv(history: History): string {
  const judged = history.experiments.filter((record) => statusOf(record) !== 'running');
  const rows = experimentRows(history, judged);
  return resultsHeader(history) + judged.map((record, index) => lineOf(history, record, rows[index])).join('');
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
