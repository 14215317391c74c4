/**
 * Whether a script that reports its own score says one number wherever it says it.
 *
 * It may say it in `metrics.json`, in a block, in a `METRIC` line, where the brief's pattern matches and in a line by its name. What
 * is said several times, as once an epoch, or before more training, is progress, and may well be an older figure; only those are
 * compared that are said once, and last. Rounded prints of a number agree, and so do a share and its percentage. Where the brief
 * names a file, the owner has said what counts.
 */
import type { Metric } from '../base/metric.ts';
import type { PrintedNumber } from '../base/strict-number.ts';
import { type Block, blocksIn } from './blocks.ts';
import { isNotFound } from './found.ts';
import { parseLiterals } from './literal.ts';
import { metricLinesIn } from './metric-lines.ts';
import { wordsOf } from './metric-words.ts';
import { tokenAt } from './number-token.ts';
import { readLiterals } from './read-metric-file.ts';
import { reportsIn } from './reports.ts';

interface Figure {
  readonly number: PrintedNumber;
  /** Such as `metrics.json`. */
  readonly where: string;
}

/** Why the figures of one run cannot both be its score; undefined where they agree. */
export function findDisagreement(
  metricsJson: string | undefined,
  lines: readonly string[],
  metric: Metric,
): { readonly reason: string } | undefined {
  if (metric.file !== undefined) return undefined;
  const blocks = blocksIn(lines);
  const [first, ...others] = [
    ...inFile(metricsJson, metric.name),
    ...inBlock(blocks, lines, metric.name),
    ...inMetricLine(lines, metric.name),
    ...inPattern(lines, metric),
    ...inLine(blocks, lines, metric.name),
  ];
  const other = first && others.find(({ number }) => !agree(first.number, number));
  if (!first || !other) return undefined;
  const said = [first, other].map(({ number, where }) => `${number.value} in ${where}`).join(' and ');
  return { reason: `void: its own figures for ${metric.name} differ: ${said}` };
}

/** A file with a list in it, or of several lines of JSON, keeps a history. */
function inFile(text: string | undefined, name: string): readonly Figure[] {
  if (text === undefined || text.includes('[') || parseLiterals(text)?.length !== 1) return [];
  const number = readLiterals(text, name, 'metrics.json');
  return number === undefined || isNotFound(number) ? [] : [{ number, where: 'metrics.json' }];
}

function inBlock(blocks: readonly Block[], lines: readonly string[], name: string): readonly Figure[] {
  const said = blocks.flatMap(({ values, end }) =>
    (values.get(name) ?? []).map((text) => ({ number: tokenAt(text, 0).number, line: end })),
  );
  return saidOnceAndLast(said, lines, 'its block behind a line ---');
}

function inMetricLine(lines: readonly string[], name: string): readonly Figure[] {
  const said = metricLinesIn(lines).filter((each) => each.name === name);
  return saidOnceAndLast(
    said.map(({ token, line }) => ({ number: token.number, line })),
    lines,
    'its METRIC line',
  );
}

function inPattern(lines: readonly string[], { pattern }: Metric): readonly Figure[] {
  if (pattern === undefined) return [];
  const text = lines.join('\n');
  const matches = [...text.matchAll(new RegExp(pattern, 'dgm'))];
  if (matches.length !== 1) return [];
  const said = matches.map(({ index, indices }) => ({
    number: tokenAt(text, indices?.[1]?.[0] ?? text.length).number,
    line: text.slice(0, index).split('\n').length - 1,
  }));
  return saidOnceAndLast(said, lines, 'what the pattern matches');
}

/** A line by the name alone. A name of one word, such as `loss`, is also what a training calls its own. */
function inLine(blocks: readonly Block[], lines: readonly string[], name: string): readonly Figure[] {
  if (wordsOf(name).length < 2) return [];
  const outside = lines.map((line) => (metricLinesIn([line]).length > 0 ? '' : line));
  for (const { end } of blocks) {
    const start = lines.slice(0, end + 1).findLastIndex((line) => line.trim().endsWith('---'));
    outside.fill('', Math.max(0, start), end + 1);
  }
  const reports = reportsIn(outside, name);
  if (reports.some(({ qualifier }) => qualifier !== '')) return [];
  const said = reports.map(({ found, line }) => ({ number: isNotFound(found) ? undefined : found, line }));
  const line = (lines[said[0]?.line ?? 0] ?? '').trim().slice(0, 60);
  return saidOnceAndLast(said, lines, `the line ${JSON.stringify(line)}`);
}

interface Said {
  readonly number: PrintedNumber | undefined;
  readonly line: number;
}

function saidOnceAndLast(said: readonly Said[], lines: readonly string[], where: string): readonly Figure[] {
  const [only] = said;
  if (said.length !== 1 || only?.number === undefined) return [];
  return lines.slice(only.line).some(isOfTraining) ? [] : [{ number: only.number, where }];
}

function isOfTraining(line: string): boolean {
  return /\b(?:step|epoch|iter(?:ation)?|batch|round|fold)s?\b\s*[:=#|]?\s*[[(]?\d/i.test(line);
}

/** A float of half the digits prints others from the seventh on. */
const relative = 1e-6;

function agree(one: PrintedNumber, other: PrintedNumber): boolean {
  return isSame(one, other, 1) || isSame(inPercent(one), other, 0.5) || isSame(one, inPercent(other), 0.5);
}

/** Whether two prints may be of one number; `units` of the coarser one's last digit: a whole one where it may be cut off. */
function isSame(one: PrintedNumber, other: PrintedNumber, units: number): boolean {
  const [a, b] = [one.value, other.value];
  const resolution = Math.max(one.resolution, other.resolution);
  return Math.abs(a - b) <= units * resolution * 1.001 + relative * Math.max(Math.abs(a), Math.abs(b));
}

function inPercent({ value, resolution }: PrintedNumber): PrintedNumber {
  return { value: value * 100, resolution: resolution * 100 };
}
