/**
 * Where a log reports a metric by its name, in whatever form libraries and people print it: `val_loss: 0.3`,
 * `val_loss=0.3`, `{'val_loss': 0.3}`, `[99]\tval_loss:0.31`, a row of two columns, `valid_0's l2: 0.3`.
 */
import { matchAt } from '../base/literal-pattern.ts';
import { findByWords, findMetric } from './find-metric.ts';
import { type Found, isNotFound, notANumber } from './found.ts';
import { parseLiteralAt } from './literal.ts';
import { withoutLogPrefix } from './log-line.ts';
import { lastWords } from './metric-words.ts';
import { type Token, tokenAt } from './number-token.ts';
import { withShare } from './share.ts';
import { tableReports } from './table-reports.ts';

/** One place in a line that reports the metric. */
export interface Report {
  /** Index of its line. */
  readonly line: number;
  /** The word before the name that makes it another figure, such as `best` or `train`; empty for the metric itself. */
  readonly qualifier: string;
  readonly found: Found;
}

/** Words before a name that make it another figure. */
const qualifiers =
  /(?:^|[^\p{L}\p{N}_])(best|lowest|highest|min(?:imum)?|max(?:imum)?|previous|prev|old|initial|start(?:ing)?|first|target|baseline|train(?:ing)?|val|valid(?:ation)?|test(?:ing)?|eval(?:uation)?|dev|ema|smoothed|running|(?:moving )?average|avg|mean|median|std|total|batch|step)[\s:|>\])]+$/iu;

/** All reports of the metric in these lines, in their order. */
export function reportsIn(lines: readonly string[], name: string): readonly Report[] {
  const last = /[^-_./]+$/.exec(name)?.[0] ?? name;
  const inLines = lines.flatMap((line, index) => {
    if (!line.includes(last) || isSourceLine(lines[index - 1])) return [];
    const inDict = dictReport(line, name);
    const found = inDict === undefined ? reportsInLine(line, name) : [{ qualifier: '', found: inDict }];
    return found.map((report) => ({ line: index, ...report }));
  });
  const inTables = tableReports(lines, name).map((report) => ({ qualifier: '', ...report }));
  return inTables.length === 0 ? inLines : [...inLines, ...inTables].toSorted((a, b) => a.line - b.line);
}

/** What dicts in these lines say of the metric by the words of its name, in their order. */
export function dictReportsByWords(lines: readonly string[], name: string): readonly Report[] {
  const words = lastWords(name);
  return lines.flatMap((line, index) => {
    if (!words.some((word) => line.includes(word))) return [];
    const found = dictReport(line, name, findByWords);
    return found === undefined ? [] : [{ line: index, qualifier: '', found }];
  });
}

/** A traceback quotes the source after such a line. */
function isSourceLine(before = ''): boolean {
  return /^\W*File ".*", line \d+/.test(before);
}

/** What a dict or a JSON object in the line says of the metric, by its keys. */
function dictReport(line: string, name: string, find = findMetric): Found | undefined {
  const at = line.indexOf('{');
  const value = at === -1 ? undefined : parseLiteralAt(line, at);
  if (value?.kind !== 'object') return undefined;
  const found = find(value, name, { where: 'a line of the log', allowsQuotes: true });
  return found && isNotFound(found) ? { ...found, line } : found;
}

type InLine = Omit<Report, 'line'>;

function reportsInLine(line: string, name: string): readonly InLine[] {
  const found: InLine[] = [];
  for (const { start, end } of placesOf(line, name)) {
    const token = valueBehind(line, start, end);
    if (token) {
      const value = token.number ?? notANumber(name, token.text, line);
      found.push({ qualifier: qualifierBefore(line, start), found: value });
    }
  }
  return found;
}

/** Where the name stands as a whole word; LightGBM's `valid_0's l2` is `valid_0-l2`, `valid_0_l2` or `valid_0.l2`. */
function placesOf(line: string, name: string): readonly { readonly start: number; readonly end: number }[] {
  const spelled = [...line.matchAll(/[\p{L}\p{N}_]+'s [^\s:=]+/gu)].filter(({ 0: text }) => {
    const [set, metric] = text.split("'s ");
    return ['-', '_', '/', '.'].some((joint) => `${set}${joint}${metric}` === name);
  });
  const places = spelled.map(({ 0: text, index }) => ({ start: index, end: index + text.length }));
  for (let start = line.indexOf(name); start !== -1; start = line.indexOf(name, start + 1)) {
    const end = start + name.length;
    if (!/[\p{L}\p{N}_./@%-]/u.test(line[start - 1] ?? ' ') && !/[\p{L}\p{N}_@-]/u.test(line[end] ?? ' ')) {
      places.push({ start, end });
    }
  }
  return places;
}

/** A name and its number alone on a line take no more. */
const maxColumns = 500;
const separator = /["'`*\]]{0,3}\s{0,100}(?::=|=>|->|→|:|=(?!=))\s*/uy;
const cellBorder = /\s{0,100}[|│┃]\s*/uy;

/** An array of one number, as numpy prints a loss that keeps its dimension: `val_loss: [0.54]`. */
const openBracket = /\[\s*(?=[-+]?(?:\.?\d|nan|inf)[^[\],]{0,50}\])/iuy;

/** The value behind a name; undefined where nothing is said of it there. */
function valueBehind(line: string, start: number, end: number): Token | undefined {
  const separated = matchAt(separator, line, end);
  if (separated !== undefined) {
    const at = end + separated.length;
    const token = tokenAt(line, at + (matchAt(openBracket, line, at)?.length ?? 0));
    return isCode(line, token) ? undefined : withShare(line, token);
  }
  // A row of two columns, or the name and its number alone on a line.
  if (start > maxColumns || line.length > maxColumns) return undefined;
  const before = line.slice(0, start);
  // Rich prints its columns behind its bar.
  const isFirst = withoutLogPrefix(before).replace(/[|│┃\s]/gu, '') === '' || /[━╸█]\s.*\s$/u.test(before);
  const border = matchAt(cellBorder, line, end) ?? matchAt(/\.*\s+/y, line, end);
  if (!isFirst || border === undefined) return undefined;
  const token = tokenAt(line, end + border.length);
  // The accuracy in scikit-learn's classification_report has the number of samples behind it.
  const rest = line.slice(token.end).replace(/[|│┃]/gu, '');
  const isAlone = rest.trim() === '' || (/\d\.\d/.test(token.text) && /^\s{2,}\d+\s*$/.test(rest));
  return isAlone && (token.number !== undefined || isNoNumber(token.text)) ? token : undefined;
}

/** Source code and settings that were echoed are no reports: `val_loss = evaluate(model)`, `val_loss: {`. */
function isCode(line: string, token: Token): boolean {
  const next = line[token.end] ?? '';
  return token.number === undefined && (next === '(' || (token.text === '' && '{[(<"\''.includes(next) && next !== ''));
}

/** Whether a token says that there is no number, as a diverged run prints it. */
export function isNoNumber(text: string): boolean {
  return /^["']?(?:[-+]?(?:nan|inf(?:inity)?)|none|null|n\/?a)["']?$/i.test(text) || /\([-+]?(?:nan|inf)/i.test(text);
}

function qualifierBefore(line: string, start: number): string {
  const before = line.slice(Math.max(0, start - 40), start);
  return qualifiers.exec(before)?.[1]?.toLowerCase() ?? '';
}
