/**
 * Tables out of records: where a header stands, how ragged rows are lined up with it, and what is no row at all.
 */

import type { Goal } from '../base/metric.ts';
import { goalInName } from '../base/metric-direction.ts';
import { cellNumber } from './cells.ts';
import { isStatusName, isTextName } from './column-names.ts';
import type { LeftOut } from './ledger.ts';
import type { Records, TableRecord } from './records.ts';
import { isTelling, readStatus } from './status-words.ts';

/** A table whose rows have as many cells as it has columns. */
export interface Table {
  /** What the study is called, where the source says so. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  /** The metric and its direction, where the source says them. */
  readonly metric?: string | undefined;
  readonly goal?: Goal | undefined;
  readonly hasDecimalComma?: boolean;
}

export interface Tables {
  readonly tables: readonly Table[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

/** The tables of these records: each header begins one. */
export function tablesOf({ delimiter, records, comments }: Records): Tables {
  const leftOut: LeftOut[] = comments.map(({ line, text }) => ({ line, reason: 'a comment', text }));
  const notes: string[] = [];
  const tables: Table[] = [];
  let columns: readonly string[] = [];
  let rows: { line: number; cells: readonly string[] }[] = [];
  const said = saidInComments(comments);
  const close = () => {
    if (columns.length > 0) tables.push({ name: '', columns, rows, ...said, hasDecimalComma: delimiter === ';' });
    rows = [];
  };
  for (const [index, record] of records.entries()) {
    if (isRule(record)) continue;
    if (columns.length === 0 || isHeaderAgain(record, columns)) {
      if (isHeader(record, columns.length === 0 ? records[index + 1] : undefined)) {
        close();
        columns = record.cells;
        continue;
      }
      if (columns.length === 0 && !isRow(record)) {
        leftOut.push({ line: record.line, reason: 'not a row of a table', text: record.text });
        continue;
      }
    }
    if (columns.length === 0) {
      columns = unnamedColumns(records, record);
      notes.push(
        `The file has no header: its columns are told apart by what they hold, and named \`column 1\` to \`column ${columns.length}\`.`,
      );
    }
    const cells = lineUp(record.cells, columns);
    if (cells === undefined) {
      const found = `${record.cells.length} of ${columns.length} columns`;
      leftOut.push({ line: record.line, reason: `not a row: ${found}`, text: record.text });
    } else rows.push({ line: record.line, cells });
  }
  close();
  return { tables, leftOut, notes };
}

/** `# metric_direction: higher_is_better`, as a ledger may say it above its header. */
function saidInComments(comments: readonly TableRecord[]): { goal?: Goal } {
  for (const { text } of comments) {
    const said = /\b(?:metric[ _-]?)?(?:direction|goal|objective)\b\W{1,4}(\w{1,20})/i.exec(text)?.[1] ?? '';
    const goal = goalOfWord(said);
    if (goal !== undefined) return { goal };
  }
  return {};
}

/** The direction of a word such as `lower`, `min`, `higher_is_better` or `MAXIMIZE`. */
export function goalOfWord(word: string): Goal | undefined {
  if (/^(?:low|min|smaller|down|decreas)/i.test(word)) return 'minimize';
  return /^(?:high|max|larger|greater|bigger|up|increas)/i.test(word) ? 'maximize' : undefined;
}

/** The line below the header of a Markdown table. */
function isRule({ cells }: TableRecord): boolean {
  return (
    cells.length > 0 &&
    cells.every((cell) => /^:?-{2,}:?$/.test(cell) || cell === '') &&
    cells.some((cell) => cell !== '')
  );
}

/** At least two names and no number; one of them is known, or (for the first record) a row of as many cells follows. */
function isHeader({ cells }: TableRecord, next?: TableRecord): boolean {
  const names = cells.filter((cell) => cell !== '');
  if (names.length < 2 || names.some((cell) => cellNumber(cell) !== undefined || cell.length > 80)) return false;
  if (names.some(isKnownName)) return true;
  const isAbove = next !== undefined && next.cells.length === cells.length && isRow(next);
  return isAbove && !names.some((cell) => isTelling(readStatus(cell)));
}

function isKnownName(cell: string): boolean {
  return isStatusName(cell) || isTextName(cell) || goalInName(cell) !== undefined || /score|metric/i.test(cell);
}

function isHeaderAgain(record: TableRecord, columns: readonly string[]): boolean {
  const same = record.cells.filter((cell, index) => cell === columns[index]).length;
  return (
    same >= Math.max(2, columns.length / 2) || (isHeader(record) && namesIn(record) >= 2 && record.cells.length >= 3)
  );
}

function namesIn({ cells }: TableRecord): number {
  return cells.filter((cell) => isStatusName(cell) || /^(?:commit|description|val_\w+|\w+_gb)$/i.test(cell)).length;
}

/** A record of data: it has a number and at least two cells. */
function isRow({ cells }: TableRecord): boolean {
  return cells.length >= 2 && cells.some((cell) => cellNumber(cell) !== undefined);
}

/** As many columns as most rows have. */
function unnamedColumns(records: readonly TableRecord[], first: TableRecord): readonly string[] {
  const counts = new Map<number, number>();
  for (const { cells } of records) if (cells.length > 1) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [width] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [first.cells.length, 0]);
  return Array.from({ length: width }, (_, index) => `column ${index + 1}`);
}

/**
 * A row's cells by column: a text with the delimiter in it is put together again, and a row whose status stands too far
 * left is moved to it. Undefined for what is no row.
 */
function lineUp(cells: readonly string[], columns: readonly string[]): readonly string[] | undefined {
  const extra = cells.length - columns.length;
  if (extra === 0) return cells;
  if (extra > 0) {
    const text = columns.findLastIndex(isTextName);
    const at = text === -1 ? columns.length - 1 : text;
    if (cells.slice(columns.length).every((cell) => cell === '')) return cells.slice(0, columns.length);
    return [...cells.slice(0, at), cells.slice(at, at + extra + 1).join(' '), ...cells.slice(at + extra + 1)];
  }
  if (cells.length < 2 && columns.length > 2) return undefined;
  const status = columns.findIndex(isStatusName);
  const found = cells.findIndex(
    (cell, index) => index > 0 && isTelling(readStatus(cell)) && cellNumber(cell) === undefined,
  );
  const isAway = status !== -1 && found !== -1 && found < status && !isTelling(readStatus(cells[status] ?? ''));
  const blanks = Array.from({ length: isAway ? status - found : 0 }, () => '');
  const moved = isAway ? [...cells.slice(0, found), ...blanks, ...cells.slice(found)] : cells;
  return Array.from({ length: columns.length }, (_, index) => moved[index] ?? '');
}
