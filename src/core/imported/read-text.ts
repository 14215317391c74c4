/**
 * Reads a ledger that is a text: a table in any of its forms, or JSON line by line.
 */
import { ArchiveError } from '../base/errors.ts';
import { countText } from '../base/format.ts';
import { quoted } from '../base/read-result.ts';
import { isUnnamed, withMetric } from './asked-metric.ts';
import { cellText } from './cells.ts';
import { jsonSource, type LedgerSource } from './json-ledger.ts';
import type { Ledger, LedgerPart, LeftOut } from './ledger.ts';
import { readTable, type TableReading } from './read-table.ts';
import { type Records, readRecords } from './records.ts';
import { type Table, tablesOf } from './table.ts';

/**
 * The ledger in a text; `where` is its name in errors, `metric` its column of scores where the owner names it. Throws an
 * ArchiveError where there is no column of scores.
 */
export function readTextLedger(text: string, where: string, metric?: string): Ledger {
  if (text.trim() === '') throw noScores(where, 'found an empty file');
  const fromJson = jsonSource(text);
  if (fromJson !== undefined) return ledgerOf(fromJson, where, metric);
  const records = readRecords(text);
  const { tables, leftOut, notes } = tablesOf(records);
  return ledgerOf({ format: formatOf(records), unit: 'line', tables, leftOut, notes }, where, metric);
}

/** More rows than this are left out, and said. */
const maxRows = 20_000;

/** The ledger of some tables. Throws an ArchiveError where none of them has a column of scores. */
export function ledgerOf(source: LedgerSource, where: string, metric?: string): Ledger {
  const tables = metric === undefined ? source.tables : withMetric(source.tables, metric, where);
  const readings = tables.map((table) => readTable(bounded(table)));
  const parts = readings.flatMap(({ parts }) => parts);
  if (parts.length === 0) throw noScores(where, foundInstead(source.tables));
  const filled = parts.filter(({ rows }) => rows.length > 0);
  const tooMany = source.tables.flatMap(({ rows }) => rows.slice(maxRows, maxRows + 1)).map(({ line }) => line);
  return {
    format: source.format,
    unit: source.unit,
    parts: filled.length > 0 ? filled : parts.slice(0, 1),
    leftOut: [...source.leftOut, ...readings.flatMap((each) => each.leftOut)]
      .map(shortened)
      .toSorted((a, b) => a.line - b.line),
    notes: [
      ...source.notes,
      ...unnamedNotes(parts),
      ...readings.flatMap((each) => each.notes),
      ...unknownWordNotes(readings, source.unit),
      ...tooMany.map(
        (line) => `Only the first ${maxRows} rows are read: those from ${source.unit} ${line} on are not.`,
      ),
      ...undecidedNotes(parts),
    ],
  };
}

function bounded(table: Table): Table {
  return table.rows.length <= maxRows ? table : { ...table, rows: table.rows.slice(0, maxRows) };
}

function shortened({ line, reason, text }: LeftOut): LeftOut {
  return { line, reason, text: cellText(text).slice(0, 80) };
}

function unknownWordNotes(readings: readonly TableReading[], unit: string): string[] {
  const lines = new Map<string, number[]>();
  for (const { word, line } of readings.flatMap(({ unknownWords }) => unknownWords)) {
    lines.set(word, [...(lines.get(word) ?? []), line]);
  }
  return [...lines].map(([word, at]) => {
    const first = at.slice(0, 5).join(', ');
    const more = at.length > 5 ? ` and ${at.length - 5} more` : '';
    return `The status ${quoted(word)} is not known (${unit} ${first}${more}): read as neither kept nor discarded.`;
  });
}

/** Asks for what a header would say. */
function unnamedNotes(parts: readonly LedgerPart[]): string[] {
  const [metric] = parts.map((part) => part.metric).filter(isUnnamed);
  return metric === undefined
    ? []
    : [`Its scores are taken from ${metric}: \`--metric val_bpb\`, with their own name, says what they are.`];
}

function undecidedNotes(parts: readonly LedgerPart[]): string[] {
  const isUndecided = parts.length > 0 && parts.every(({ hasDecisions, rows }) => !hasDecisions && rows.length > 0);
  return isUndecided
    ? ['The ledger says of no row that it was kept: each that beats all before it counts as kept.']
    : [];
}

function foundInstead(tables: readonly Table[]): string {
  const names = [...new Set(tables.flatMap(({ columns }) => columns))].filter((name) => name !== '');
  if (names.length === 0) return 'found no table';
  const shown = names.slice(0, 8).map((name) => quoted(cellText(name)));
  return `found ${countText(names.length, 'column')} (${shown.join(', ')}${names.length > 8 ? ', …' : ''}) and none of scores`;
}

function noScores(where: string, found: string): ArchiveError {
  return new ArchiveError(`${where}: expected a ledger of experiments with a column of scores, ${found}.`, {
    hint: 'docs/import.md lists what can be read: tables with a header, JSON lines, Optuna, MLflow, W&B, AIDE, OpenEvolve.',
  });
}

function formatOf({ delimiter }: Records): string {
  const names = { '\t': 'tabs', ',': 'commas', ';': 'semicolons', '|': 'bars', blanks: 'blanks' };
  return `table separated by ${names[delimiter]}`;
}
