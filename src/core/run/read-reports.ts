/**
 * Reads a metric from the lines that report it by its name, where a log has no better form: the last one counts.
 *
 * What is ambiguous is refused: two figures of that name in one line, or only `train loss` and `val loss` for `loss`.
 */
import { type Found, isNotFound } from './found.ts';
import { type Report, reportsIn } from './reports.ts';

/** The metric's number, or why there is none, and the index of the line that says so. */
export function readReports(lines: readonly string[], name: string): { readonly found: Found; readonly line: number } {
  const reports = reportsIn(lines, name);
  const qualifiers = [...new Set(reports.map(({ qualifier }) => qualifier))];
  if (qualifiers.length > 1 && !qualifiers.includes('')) {
    const kinds = qualifiers.map((qualifier) => `${qualifier} ${name}`).join(' and ');
    return { found: { reason: `the log has ${kinds}, and no ${name} alone: a pattern says which is meant` }, line: 0 };
  }
  const own = qualifiers.includes('') ? reports.filter(({ qualifier }) => qualifier === '') : reports;
  const last = own.at(-1);
  if (!last) return { found: { reason: `the log ends without ${name}` }, line: 0 };
  return {
    found: agreed(
      own.filter(({ line }) => line === last.line),
      lines[last.line] ?? '',
      name,
    ),
    line: last.line,
  };
}

/** What the reports of one line say together. */
function agreed(reports: readonly Report[], line: string, name: string): Found {
  const broken = reports.find(({ found }) => isNotFound(found));
  if (broken) return broken.found;
  const [first] = reports;
  const values = new Set(reports.map(({ found }) => (isNotFound(found) ? Number.NaN : found.value)));
  if (first && values.size === 1) return first.found;
  return { reason: `${name} is printed ${reports.length} times in one line, with different numbers`, line };
}
