/**
 * The training time of a folder without front matter: a constant `TIME_BUDGET…` in one of its files, in seconds unless its
 * name says minutes or hours.
 */
import { refusalError, refuse } from '../../base/read-result.ts';
import { readDuration } from '../../journal/settings/parse-duration.ts';
import { readNumber } from '../../space/number-text.ts';

const assignment = /^(TIME_(?:BUDGET|LIMIT)(?:_[A-Z]+)?)\s*(?::[^=]*)?=(?!=)/;

/** The same file with another number in its line `TIME_BUDGET = …`; undefined for a file that has no such line. */
export function withTimeBudget(text: string, seconds: number): string | undefined {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => assignment.test(line));
  const line = lines[index];
  if (line === undefined) return undefined;
  const ending = line.endsWith('\r') ? '\r' : '';
  const amount = seconds / unitOf(assignment.exec(line)?.[1] ?? '');
  return lines.with(index, `${line.slice(0, line.indexOf('=') + 1)} ${amount}${ending}`).join('\n');
}

/** A budget in seconds, and where it stands. */
export interface FoundBudget {
  readonly seconds: number;
  readonly file: string;
  readonly line: number;
}

/**
 * `TIME_BUDGET = 5 * 60` -> 300; undefined when there is none in any of these files. Python is not run for it. Throws a
 * BriefError for one that is no plain number.
 */
export function findTimeBudget(files: Readonly<Record<string, string>>): FoundBudget | undefined {
  for (const [file, text] of Object.entries(files)) {
    const lines = text.split(/\r?\n/);
    const index = lines.findIndex((line) => assignment.test(line) && !isTakenOver(line));
    const line = lines[index];
    if (line !== undefined) return { seconds: secondsIn(line, file, index + 1), file, line: index + 1 };
  }
  return undefined;
}

/** A line that takes the budget of another file, such as `TIME_BUDGET_SECONDS = float(os.environ.get("X", TIME_BUDGET))`. */
function isTakenOver(line: string): boolean {
  return /TIME_BUDGET|TIME_LIMIT/.test(line.replace(assignment, '').replace(/(["'])[^"']*\1/g, ''));
}

function secondsIn(line: string, file: string, number: number): number {
  const name = assignment.exec(line)?.[1] ?? 'TIME_BUDGET';
  const expression = line
    .replace(/^[^=]*=/, '')
    .replace(/#.*$/, '')
    .trim();
  const reading = readDuration(evaluate(defaultOf(expression)) * unitOf(name));
  if (reading.kind === 'read') return reading.value;
  const refusal = refuse('seconds such as 300 or 5 * 60', {
    hint: 'Or give program.md front matter with a `metric:` and a `budget:`.',
  });
  throw refusalError(`${file} line ${number}: \`${name}\``, refusal, expression);
}

function unitOf(name: string): number {
  if (/_(?:MIN|MINS|MINUTES|M)$/.test(name)) return 60;
  return /_(?:HOURS?|HRS?|H)$/.test(name) ? 3600 : 1;
}

/** What an expression is where no variable is set: `float(os.environ.get("T", "300"))` -> 300. */
function defaultOf(expression: string): string {
  const match =
    /^(?:int|float)?\(?\s*os\.(?:environ\.get|getenv)\(\s*["'][^"']*["']\s*,\s*["']?([^"')]+)["']?\s*\)\s*\)?$/.exec(
      expression,
    );
  return match?.[1] ?? expression;
}

/** Sums of products of numbers; NaN for any other expression. */
function evaluate(expression: string): number {
  const products = expression.split('+').map((term) => {
    const factors = term
      .split(/(?<!\*)\*(?!\*)/)
      .map((factor) => readNumber(factor.trim().replaceAll('_', '')) ?? Number.NaN);
    return factors.reduce((product, factor) => product * factor, 1);
  });
  return products.reduce((sum, product) => sum + product, 0);
}

/** What the prose says of it, such as "a fixed time budget of 5 minutes" or "15-minute training budget"; in seconds. */
export function budgetInProse(prose: string): { readonly seconds: number; readonly line: number } | undefined {
  for (const [index, line] of prose.split('\n').entries()) {
    const match =
      /(?:time|training|train)[\w\s*-]{0,20}budget[\s*]{1,3}(?:of|is|:)[\s*]{0,3}(\d{1,4})[\s-]*(s|sec|seconds?|m|min|minutes?|h|hours?)\b/i.exec(
        line,
      ) ??
      /\b(\d{1,4})[\s-]*(s|sec|seconds?|min|minutes?|h|hours?)[\s*-]{1,4}(?:wall.?clock |training |time |fixed ){0,3}budget/i.exec(
        line,
      );
    const unit = match?.[2]?.toLowerCase() ?? '';
    const seconds = Number(match?.[1] ?? 0) * (unit.startsWith('h') ? 3600 : unit.startsWith('m') ? 60 : 1);
    if (match && seconds > 0 && readDuration(seconds).kind === 'read') return { seconds, line: index + 1 };
  }
  return undefined;
}
