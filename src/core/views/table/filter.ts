/**
 * What the owner types to find experiments: words, and conditions on columns such as `status:kept gain>0.01 DEPTH=8`.
 * All of them must hold; a minus sign in front says that one must not.
 */
import { parseStrictNumber } from '../../base/strict-number.ts';
import type { Cell, Column, ExperimentTable } from './columns.ts';

/** The experiments that match, in the order of their numbers; or why the text cannot be understood. */
export type Filtered =
  | { readonly kind: 'found'; readonly experiments: readonly number[] }
  | { readonly kind: 'unclear'; readonly reason: string };

type Test = (experiment: number) => boolean;

/** Characters of a filter that are read. */
export const maxFilter = 500;

/** Finds the experiments of a table that match a text; all of them for an empty one. */
export function filterTable(table: ExperimentTable, text: string): Filtered {
  const tests: Test[] = [];
  for (const term of termsOf(text.slice(0, maxFilter))) {
    const test = testOf(table, term);
    if (typeof test === 'string') return { kind: 'unclear', reason: test };
    tests.push(test);
  }
  const all = table.rows.map((_, experiment) => experiment);
  return { kind: 'found', experiments: all.filter((experiment) => tests.every((holds) => holds(experiment))) };
}

/** Blanks part terms, but within quotes. */
function termsOf(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? [];
}

function testOf(table: ExperimentTable, term: string): Test | string {
  const isNot = term.startsWith('-') && term.length > 1;
  const test = plainTest(table, isNot ? term.slice(1) : term);
  return typeof test === 'string' || !isNot ? test : (experiment) => !test(experiment);
}

const condition = /^([^\s"<>=!:]+(?::[^\s"<>=!:]+)*?)(!=|>=|<=|=|>|<|:)(.*)$/;

function plainTest(table: ExperimentTable, term: string): Test | string {
  const [, name, sign = '', rawValue = ''] = condition.exec(term) ?? [];
  if (name === undefined) return wordTest(table, unquoted(term));
  const column = findColumn(table.columns, name);
  // A title may have a colon: what names no column is a word.
  if (!column && sign === ':') return wordTest(table, unquoted(term));
  if (!column) return `There is no column ${name}.`;
  const value = unquoted(rawValue);
  if (value === '') return `${name}${sign} needs a value behind it.`;
  const compare = comparison(sign, value);
  if (!compare) return `${name}${sign} needs a number behind it, found ${value}.`;
  return (experiment) => compare(column.cells[experiment] ?? null);
}

function wordTest({ rows }: ExperimentTable, word: string): Test {
  const wanted = word.toLowerCase();
  return (experiment) => {
    const row = rows[experiment];
    if (!row) return false;
    return [row.title, row.reason, row.researcher ?? ''].some((text) => text.toLowerCase().includes(wanted));
  };
}

/** By its id, its name, or the end of its id, in any case: `gain`, `DEPTH`, `train.py:DEPTH`. */
export function findColumn(columns: readonly Column[], name: string): Column | undefined {
  const wanted = name.toLowerCase();
  return (
    columns.find(({ id }) => id.toLowerCase() === wanted) ??
    columns.find((column) => column.name.toLowerCase() === wanted) ??
    columns.find(({ id }) => id.toLowerCase().endsWith(`:${wanted}`))
  );
}

function comparison(sign: string, value: string): ((cell: Cell) => boolean) | undefined {
  const number = parseStrictNumber(value)?.value;
  const isSame = (cell: Cell) =>
    typeof cell === 'number' ? cell === number : cell !== null && cell.toLowerCase() === value.toLowerCase();
  switch (sign) {
    case ':':
      return (cell) => isSame(cell) || (typeof cell === 'string' && cell.toLowerCase().includes(value.toLowerCase()));
    case '=':
      return isSame;
    case '!=':
      return (cell) => cell !== null && !isSame(cell);
    default:
      return number === undefined ? undefined : (cell) => typeof cell === 'number' && isBeyond(sign, cell, number);
  }
}

function isBeyond(sign: string, cell: number, bound: number): boolean {
  if (sign === '>') return cell > bound;
  if (sign === '<') return cell < bound;
  return sign === '>=' ? cell >= bound : cell <= bound;
}

function unquoted(text: string): string {
  return text.replaceAll('"', '');
}
