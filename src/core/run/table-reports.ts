/**
 * Where a log reports a metric in a column of a table: fastai's and skorch's epochs, Ultralytics' summary, CSV and Markdown.
 *
 * A header is a line of words of which one is the name; rows are later lines with as many cells, most of them numbers.
 */
import { type Found, notANumber } from './found.ts';
import { withoutLogPrefix } from './log-line.ts';
import { tokenAt } from './number-token.ts';

interface TableReport {
  readonly line: number;
  readonly found: Found;
}

interface Table {
  readonly cells: number;
  readonly column: number;
  /** Labels of the rows that had one; a table of classes has many. */
  readonly labels: string[];
}

const maxCells = 60;

/** The reports in rows, in their order; of rows with different labels only those of `all`. */
export function tableReports(lines: readonly string[], name: string): readonly TableReport[] {
  if (!lines.some((line) => line.includes(name))) return [];
  const found: TableReport[] = [];
  let table: Table | undefined;
  for (const [index, line] of lines.entries()) {
    const cells = cellsOf(line);
    const column = cells.length > 1 && cells.length <= maxCells ? headerColumn(cells, name) : -1;
    if (column !== -1) table = { cells: cells.length, column, labels: [] };
    else if (table) {
      const report = rowReport(cells, table, name, line);
      if (report) found.push({ line: index, found: report });
    }
  }
  return found;
}

/** The names above columns of figures, in the order in which they first stand in a header. */
export function columnNames(lines: readonly string[]): readonly string[] {
  const headers = lines.map(cellsOf).filter((cells) => cells.length > 1 && cells.length <= maxCells);
  return [...new Set(headers.flatMap((cells) => cells.filter((cell) => headerColumn(cells, cell) !== -1)))];
}

/** The column of the name in a header; -1 where the line is none. */
function headerColumn(cells: readonly string[], name: string): number {
  if (cells.some((cell) => cell === '' || /^[-+]?[\d.]/.test(cell) || /[:=]/.test(cell))) return -1;
  const column = cells.indexOf(name);
  return column === cells.lastIndexOf(name) ? column : -1;
}

/** Whether these are figures: the cell in question says a number or that there is none, and half of the others are numbers. */
function isRow(cells: readonly string[], column: number): boolean {
  const numbers = cells.filter((cell) => isNumeric(cell)).length;
  return (isNumeric(cells[column] ?? '') || isMissing(cells[column] ?? '')) && 2 * numbers >= cells.length - 1;
}

/** What a line says in the column of the name; undefined where it is no row, or that of a class. */
function rowReport(cells: readonly string[], { cells: width, column, labels }: Table, name: string, line: string) {
  // scikit-learn's header has no cell above the labels.
  const shift = cells.length - width;
  if (shift < 0 || shift > 1 || !isRow(cells, column + shift)) return undefined;
  const [label = ''] = cells;
  if (shift === 1 || (column > 0 && !isNumeric(label) && !isTime(label))) {
    labels.push(label);
    if (labels.includes('all') && label !== 'all') return undefined;
    const rows = labels.slice(0, 3).join(', ');
    if (labels.length > 1) return { reason: `${name} is a column of a table with several rows: ${rows}`, line };
  }
  const cell = cells[column + shift] ?? '';
  return tokenAt(cell, 0).number ?? notANumber(name, cell, line);
}

/** Apart by bars, by commas, or by blanks; what a progress bar put behind a header is cut off. */
function cellsOf(line: string): string[] {
  const text = withoutLogPrefix(line.replace(/:?\s+\d+%.*$/, ''))
    .trim()
    .replace(/^[|│┃]|[|│┃]$/gu, '');
  if (/[|│┃]/u.test(text)) return text.split(/[|│┃]/u).map((cell) => cell.trim());
  if (/^[^\s,]+(?:,[^\s,]*)+$/.test(text)) return text.split(',');
  return text.split(/\s+/);
}

function isNumeric(cell: string): boolean {
  const token = tokenAt(cell, 0);
  return token.number !== undefined && token.end === cell.length;
}

function isMissing(cell: string): boolean {
  return /^(?:[-+]?(?:nan|inf(?:inity)?)|none|null|n\/a|-|)$/i.test(cell);
}

function isTime(cell: string): boolean {
  return /^\d+:\d\d/.test(cell);
}
