/**
 * A table of experiments as the studies in it: a row is an experiment, and a baseline after the first begins a study.
 */
import { cellNumber, cellText } from './cells.ts';
import { keyOf } from './column-names.ts';
import { type Columns, columnsOf, shortName } from './columns.ts';
import type { LedgerPart, LedgerRow, LeftOut, RowStatus } from './ledger.ts';
import { type Reading, readStatus } from './status-words.ts';
import { goalOfWord, type Table } from './table.ts';

/** What a table holds; `parts` is empty where no column can hold a score. */
export interface TableReading {
  readonly parts: readonly LedgerPart[];
  readonly leftOut: readonly LeftOut[];
  /** Status words that are in no table, with the lines that have them. */
  readonly unknownWords: readonly { readonly word: string; readonly line: number }[];
  readonly notes: readonly string[];
}

/** The studies of a table. */
export function readTable(raw: Table): TableReading {
  const { table, notes } = inOrder(raw);
  const columns = columnsOf(table);
  if (columns === undefined) return { parts: [], leftOut: [], unknownWords: [], notes: [] };
  const leftOut: LeftOut[] = [];
  const unknownWords: { word: string; line: number }[] = [];
  const rows: ReadRow[] = [];
  for (const { line, cells } of table.rows) {
    const row = rowOf(line, cells, table, columns);
    const text = cells.join(' ');
    if (row.reading === 'unfinished' && row.row.value === null) {
      leftOut.push({ line, reason: `not finished: its status is ${JSON.stringify(row.row.word)}`, text });
    } else if (row.row.value === null && row.row.word === '' && (cells[columns.score] ?? '') === '') {
      leftOut.push({ line, reason: 'neither a score nor a status', text });
    } else {
      if (row.row.word !== '' && row.reading === undefined) unknownWords.push({ word: row.row.word, line });
      rows.push(row);
    }
  }
  const metric = metricName(table, columns);
  const decided = rows.some(({ reading }) => reading === 'keep' || reading === 'discard' || reading === 'baseline');
  const parts = splitAtBaselines(rows).map(
    (part): LedgerPart => ({
      name: table.name,
      metric,
      goal: table.goal ?? goalOfWord(onlyCell(table, /^(?:metric_)?(?:direction|goal)$/, columns.score) ?? ''),
      rows: part.map(({ row }) => row),
      hasDecisions: decided,
    }),
  );
  return { parts, leftOut, unknownWords, notes };
}

interface ReadRow {
  readonly row: LedgerRow;
  readonly reading: Reading | undefined;
}

function metricName(table: Table, { score }: Columns): string {
  const own = shortName(table.metric ?? table.columns[score] ?? '');
  const isGeneric = /^(?:.*_)?(?:metric_)?value$/.test(keyOf(own)) || keyOf(own) === 'metric';
  const named = isGeneric ? onlyCell(table, /^(?:.*_)?metric(?:_name)?$/, score) : undefined;
  return cellText(named ?? own).slice(0, 80);
}

/** What all rows have in the column with such a name; undefined where they differ. */
function onlyCell({ columns, rows }: Table, name: RegExp, except: number): string | undefined {
  const at = columns.findIndex((each, index) => index !== except && name.test(keyOf(each)));
  const cells = new Set(at === -1 ? [] : rows.map(({ cells: each }) => each[at] ?? '').filter((cell) => cell !== ''));
  const [only] = cells;
  return cells.size === 1 && only !== undefined && cellNumber(only) === undefined ? only : undefined;
}

const statusOfReading: Readonly<Record<Reading, RowStatus>> = {
  keep: 'keep',
  baseline: 'keep',
  discard: 'discard',
  crash: 'crash',
  measured: 'other',
  unfinished: 'other',
};

function rowOf(line: number, cells: readonly string[], table: Table, columns: Columns): ReadRow {
  const cellAt = (at: number | undefined) => (at === undefined ? '' : (cells[at] ?? ''));
  const word = cellText(cellAt(columns.status)).slice(0, 60);
  const hasCrashed = readStatus(cellAt(columns.outcome)) === 'crash';
  const reading = hasCrashed ? 'crash' : word === '' ? undefined : readStatus(word);
  const status = reading === undefined ? 'other' : statusOfReading[reading];
  const value = status === 'crash' ? undefined : cellNumber(cellAt(columns.score), table.hasDecimalComma);
  const memory = columns.memory && cellNumber(cellAt(columns.memory.at));
  const isZero = value === 0 && isEmptyRow(cells, table, columns);
  const row: LedgerRow = {
    line,
    // It is shown as code, which a backquote would end.
    commit: cellText(cellAt(columns.commit)).replaceAll('`', '').slice(0, 64),
    value: value === undefined || isZero ? null : value,
    memoryGb: memory === undefined || memory < 0 ? 0 : memory / (columns.memory?.perGb ?? 1),
    status,
    word,
    isBaseline: reading === 'baseline',
    description: cellText(cellAt(columns.description)),
    fields: fieldsOf(cells, table, columns),
  };
  return { row, reading };
}

/** Whether all that was measured in a row is zero, where in most rows it is not: its score stands for none. */
function isEmptyRow(cells: readonly string[], { columns, rows }: Table, { score, status }: Columns): boolean {
  const others = columns.flatMap((name, at) => (at !== score && at !== status && isMeasured(name) ? [at] : []));
  const measured = others.filter((at) => {
    const numbers = rows.flatMap(({ cells: each }) => cellNumber(each[at] ?? '') ?? []);
    return numbers.filter((number) => number !== 0).length > rows.length / 2;
  });
  return measured.length > 0 && measured.every((at) => (cellNumber(cells[at] ?? '') ?? 0) === 0);
}

/** Whether a column of this name holds what a run used: memory, time, steps, speed. */
function isMeasured(name: string): boolean {
  return /(?:mem|vram|gpu|time|sec|second|minute|duration|step|tok|mfu|token|param)/.test(keyOf(name));
}

function fieldsOf(
  cells: readonly string[],
  { columns }: Table,
  { score, status, description }: Columns,
): LedgerRow['fields'] {
  const taken = [score, status, description];
  return Object.fromEntries(
    columns.flatMap((name, at) => {
      const text = cellText(cells[at] ?? '');
      return text === '' || taken.includes(at) || name === '' ? [] : [[name, text] as const];
    }),
  );
}

/** Consecutive baselines are one: a study may begin with several. */
function splitAtBaselines(rows: readonly ReadRow[]): readonly (readonly ReadRow[])[] {
  const parts: ReadRow[][] = [[]];
  let best: Kept | undefined;
  let hasOther = false;
  for (const each of rows) {
    const current = parts.at(-1) ?? [];
    const opens = hasOther && isBaseline(each, best);
    if (opens) {
      parts.push([each]);
      hasOther = false;
      best = undefined;
    } else current.push(each);
    if (!isBaseline(each, undefined)) hasOther = hasOther || each.row.status !== 'crash';
    const { value, status } = each.row;
    if (value !== null && status === 'keep') {
      const [lower, higher] = [Math.min(value, best?.lower ?? value), Math.max(value, best?.higher ?? value)];
      best = { first: best?.first ?? value, last: value, lower, higher };
    }
  }
  return parts;
}

/** The kept scores since a study began. */
interface Kept {
  readonly first: number;
  readonly last: number;
  readonly lower: number;
  readonly higher: number;
}

/**
 * A row with the status of a baseline, or a kept one whose words begin with it. The latter may also be an experiment on
 * "baseline + x", so it begins a study only where it did not improve on the kept scores before it: it lies between them, or
 * away from where they went.
 */
function isBaseline({ row }: ReadRow, kept: Kept | undefined): boolean {
  if (row.isBaseline) return true;
  if (row.status !== 'keep' || row.value === null) return false;
  if (
    !/^\W*(?:new |re-?|fresh |second |updated )?baseline\b(?!\s*[+,]\s*\w|\s+(?:with|plus|and|from|but)\b)/i.test(
      row.description,
    )
  )
    return false;
  if (kept === undefined) return true;
  const isLower = row.value < kept.lower;
  const isHigher = row.value > kept.higher;
  return !(kept.last < kept.first ? isLower : kept.last > kept.first ? isHigher : isLower || isHigher);
}

/** The newest first, as W&B and MLflow export them: turned round. */
function inOrder(table: Table): { table: Table; notes: readonly string[] } {
  const at = table.columns.findIndex((name) =>
    /^(?:created|created_at|start_time|started_at|timestamp|date|time_created)$/.test(keyOf(name)),
  );
  if (at === -1 || table.rows.length < 2) return { table, notes: [] };
  const times = table.rows.map(({ cells }) => timeOf(cells[at] ?? ''));
  const isFalling = times.every(
    (time, index) => !Number.isNaN(time) && (index === 0 || time <= (times[index - 1] ?? time)),
  );
  if (!isFalling || times[0] === times.at(-1)) return { table, notes: [] };
  const note = `The rows stand newest first by \`${cellText(table.columns[at] ?? '')}\`; they are read oldest first.`;
  return { table: { ...table, rows: table.rows.toReversed() }, notes: [note] };
}

function timeOf(text: string): number {
  return /^\d{9,16}$/.test(text) ? Number(text) : Date.parse(text);
}
