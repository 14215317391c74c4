/**
 * The metric of a ledger as the owner says it: which column holds the scores, or what they are where no header says it.
 */
import { SettingsError } from '../base/errors.ts';
import { quoted } from '../base/read-result.ts';
import { cellText } from './cells.ts';
import { keyOf } from './column-names.ts';
import type { Table } from './table.ts';

/** Whether this is the name of a column in a table without a header. */
export function isUnnamed(column: string): boolean {
  return /^column \d+$/.test(column);
}

/** The tables with their scores in the column of this name. Throws a SettingsError where no table has such a column. */
export function withMetric(tables: readonly Table[], metric: string, where: string): readonly Table[] {
  const has = ({ columns }: Table) =>
    columns.every(isUnnamed) || columns.some((name) => name === metric || keyOf(name) === keyOf(metric));
  if (tables.length === 0 || tables.some(has))
    return tables.map((table) => (has(table) ? { ...table, metric } : table));
  const names = [...new Set(tables.flatMap(({ columns }) => columns))]
    .slice(0, 12)
    .map((name) => quoted(cellText(name)));
  throw new SettingsError(`${where} has no column ${quoted(metric)}; it has ${names.join(', ')}.`, {
    hint: 'Name one of them with --metric, or leave it out: the column is then found by its name and what the ledger kept.',
  });
}
