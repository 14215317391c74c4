/**
 * Reads a metric from the file that the brief names: JSON, lines of JSON, or columns apart by commas, tabs or semicolons.
 */
import { findByWords, findMetric, type Place } from './find-metric.ts';
import { type Found, notANumber } from './found.ts';
import { type Literal, parseLiterals } from './literal.ts';
import { tokenAt } from './number-token.ts';

/** The metric's number in the text of a file, or why there is none; the text is undefined where the run wrote no such file. */
export function readMetricFile(text: string | undefined, name: string, file: string): Found {
  if (text === undefined) return { reason: `the run wrote no ${file}` };
  if (text.trim() === '') return { reason: `${file} is empty` };
  const isLiteral = parseLiterals(text)?.some(({ kind }) => kind !== 'leaf') === true;
  const found = isLiteral
    ? (readLiterals(text, name, file) ?? readLiterals(text, name, file, findByWords))
    : readColumns(text, name, file);
  return found ?? { reason: `${file} has no ${name}` };
}

/** The metric in JSON or lines of it; undefined for a whole text that does not have it, or for another form. */
export function readLiterals(
  text: string,
  name: string,
  where: string,
  find: (value: Literal, name: string, place: Place) => Found | undefined = findMetric,
): Found | undefined {
  const [first, ...more] = parseLiterals(text) ?? [];
  if (first === undefined) return undefined;
  const whole: Literal = more.length === 0 ? first : { kind: 'list', items: [first, ...more] };
  return find(whole, name, { where });
}

/** The last row's number in the column of the metric. */
function readColumns(text: string, name: string, file: string): Found | undefined {
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [header = '', ...rows] = lines;
  const delimiter = ['\t', ';', ','].find((each) => header.includes(each)) ?? ',';
  const cellsOf = (line: string) => line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const columns = cellsOf(header.replace(/^\uFEFF/, ''));
  const column = columns.indexOf(name);
  if (column === -1) return /^[[{]/.test(text.trim()) ? { reason: `${file} is not whole JSON` } : undefined;
  if (columns.lastIndexOf(name) !== column) return { reason: `${file} names ${name} twice` };
  const last = rows.at(-1);
  if (last === undefined) return { reason: `${file} has no row below its header` };
  const cell = cellsOf(last)[column] ?? '';
  const token = tokenAt(cell, 0);
  return token.number !== undefined && token.end === cell.length ? token.number : notANumber(name, cell);
}
