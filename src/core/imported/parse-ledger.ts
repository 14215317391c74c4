/**
 * Reads a karpathy/autoresearch ledger: a tab-separated `results.tsv` of five columns, one row per experiment.
 *
 * Strict, because a figure that is read wrong would be shown as a result: a bad line is an error that names it.
 */
import { ArchiveError } from '../base/errors.ts';
import { parseStrictNumber } from '../base/strict-number.ts';

export interface LedgerRow {
  readonly commit: string;
  /** Null for a crash, whose zeros are no score. */
  readonly value: number | null;
  readonly memoryGb: number;
  readonly status: 'keep' | 'discard' | 'crash';
  readonly description: string;
}

export interface LedgerFile {
  readonly metric: string;
  /** The first one is the baseline. */
  readonly rows: readonly LedgerRow[];
}

const columns = ['commit', 'METRIC', 'memory_gb', 'status', 'description'];

/** The rows of a ledger; `where` is its name in errors. */
export function parseLedger(text: string, where: string): LedgerFile {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const metric = metricOf(lines[0] ?? '', where);
  const rows = lines.flatMap((line, index) =>
    index === 0 || line.trim() === '' ? [] : [rowOf(line, `${where} line ${index + 1}`)],
  );
  const [baseline] = rows;
  if (!baseline) throw bad(`${where} line 2`, 'a row of the baseline', 'the end of the file');
  if (baseline.status !== 'keep') throw bad(`${where} line 2`, 'the baseline, with the status keep', baseline.status);
  return { metric, rows };
}

function metricOf(header: string, where: string): string {
  const found = header.split('\t');
  const metric = found[1]?.trim() ?? '';
  const isHeader =
    found.length === columns.length &&
    metric !== '' &&
    columns.every((name, index) => index === 1 || found[index]?.trim() === name);
  if (!isHeader)
    throw bad(
      `${where} line 1`,
      'the header `commit <metric> memory_gb status description`, separated by tabs',
      header,
    );
  return metric;
}

function rowOf(line: string, where: string): LedgerRow {
  const cells = line.split('\t');
  if (cells.length !== columns.length)
    throw bad(where, `${columns.length} columns separated by tabs`, `${cells.length}`);
  const [commit = '', rawValue = '', rawMemory = '', status = '', description = ''] = cells.map((cell) => cell.trim());
  if (status !== 'keep' && status !== 'discard' && status !== 'crash')
    throw bad(where, 'the status keep, discard or crash', status);
  const value = numberOf(rawValue, where, 'a number in the second column');
  const memoryGb = numberOf(rawMemory, where, 'a number in the third column');
  return { commit, value: status === 'crash' ? null : value, memoryGb, status, description };
}

function numberOf(text: string, where: string, expected: string): number {
  const value = parseStrictNumber(text)?.value;
  if (value === undefined) throw bad(where, expected, text);
  return value;
}

function bad(where: string, expected: string, found: string): ArchiveError {
  const shown = found.length > 60 ? `${found.slice(0, 60)}…` : found;
  return new ArchiveError(`${where}: expected ${expected}, found ${JSON.stringify(shown)}.`, {
    hint: 'A ledger is the results.tsv of karpathy/autoresearch, or of `nocturne run`.',
  });
}
