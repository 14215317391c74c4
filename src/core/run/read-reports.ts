/**
 * Reads a metric from the lines that report it by its name, where a log has no better form: the last one counts.
 *
 * What is ambiguous is refused: two figures of that name in one line, or only `train loss` and `val loss` for `loss`.
 */
import { literalPattern } from '../base/literal-pattern.ts';
import { type Found, isNotFound } from './found.ts';
import { wordsPattern } from './metric-words.ts';
import { dictReportsByWords, type Report, reportsIn } from './reports.ts';

/** The metric's number, or why there is none, and the index of the line that says so. */
export function readReports(lines: readonly string[], name: string): { readonly found: Found; readonly line: number } {
  const reports = reportsByName(lines, name);
  const qualifiers = [...new Set(reports.map(({ qualifier }) => qualifier))];
  if (qualifiers.length > 1 && !qualifiers.includes('')) {
    const kinds = qualifiers.map((qualifier) => `${qualifier} ${name}`).join(' and ');
    return { found: { reason: `the log has ${kinds}, and no ${name} alone: a pattern says which is meant` }, line: 0 };
  }
  const own = qualifiers.includes('') ? reports.filter(({ qualifier }) => qualifier === '') : reports;
  const last = own.at(-1);
  if (!last) return { found: { reason: `the log ends without ${name}${longerNames(lines, name)}` }, line: 0 };
  return {
    found: agreed(
      own.filter(({ line }) => line === last.line),
      lines[last.line] ?? '',
      name,
    ),
    line: last.line,
  };
}

/** In the strictest spelling in which the log has it. */
function reportsByName(lines: readonly string[], name: string): readonly Report[] {
  const spellings = [
    () => reportsIn(lines, name),
    () => reportsIn(respelled(lines, name, otherSpellings(name)), name),
    () => dictReportsByWords(lines, name),
    () => reportsInWords(lines, name),
  ];
  for (const read of spellings) {
    const reports = read();
    if (reports.length > 0) return reports;
  }
  return [];
}

/** Lines that have the name's words, such as `Validation accuracy`; where several ways of writing them report, which is meant is not known. */
function reportsInWords(lines: readonly string[], name: string): readonly Report[] {
  const spelling = wordsPattern(name);
  const reports = reportsIn(respelled(lines, name, spelling), name);
  const ways = new Map<string, string>();
  for (const { line } of reports) {
    for (const [way] of (lines[line] ?? '').matchAll(spelling)) ways.set(way.toLowerCase().replace(/[_-]/g, ' '), way);
  }
  const last = reports.at(-1);
  if (ways.size < 2 || !last) return reports;
  const reason = `the log has ${[...ways.values()].slice(0, 3).join(' and ')}, and no ${name}: a pattern says which is meant`;
  return [{ ...last, qualifier: '', found: { reason } }];
}

/** The name in any case and with blanks, `_` or `-` between its words: `Val Loss` for `val_loss`. */
function otherSpellings(name: string): RegExp {
  const words = name.split(/[\s_-]+|(?<=\p{Ll})(?=\p{Lu})/u).filter((word) => word !== '');
  const escaped = words.map(literalPattern);
  return new RegExp(`(?<![\\p{L}\\p{N}_./@%-])${escaped.join('[ _-]?')}(?![\\p{L}\\p{N}_@-])`, 'giu');
}

/** The lines with the name as the brief spells it, where they spell it in another case or apart. */
function respelled(lines: readonly string[], name: string, spelling: RegExp): readonly string[] {
  return lines.map((line) => line.replace(spelling, () => name));
}

/** Names in the log of which this is a part, such as `validation-logloss` for `logloss`. */
function longerNames(lines: readonly string[], name: string): string {
  const found = new Set<string>();
  const isPart = name.toLowerCase();
  for (const line of lines.slice(-maxLines)) {
    for (const [, longer = ''] of line.matchAll(/([\p{L}_][^\s:=,|"'{}()[\]]*)["']?\s*[:=]\s*["']?[-+.\d]/gu)) {
      if (longer !== name && longer.toLowerCase().includes(isPart)) found.add(longer);
    }
  }
  const shown = [...found].slice(-3);
  return shown.length === 0 ? '' : `; it has ${shown.join(', ')}`;
}

/** Lines at the end of a log in which longer names are looked for. */
const maxLines = 200;

/** What the reports of one line say together. */
function agreed(reports: readonly Report[], line: string, name: string): Found {
  const broken = reports.find(({ found }) => isNotFound(found));
  if (broken) return broken.found;
  const [first] = reports;
  const values = new Set(reports.map(({ found }) => (isNotFound(found) ? Number.NaN : found.value)));
  if (first && values.size === 1) return first.found;
  return { reason: `${name} is printed ${reports.length} times in one line, with different numbers`, line };
}
