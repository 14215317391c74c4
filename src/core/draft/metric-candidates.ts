/**
 * The numbers in a script's output that may be its score, the likeliest first.
 *
 * Whatever is given here is read back from the same output by the reader that a run's score goes through, with the same
 * value: a brief that names it cannot miss it.
 */

import type { Goal } from '../base/metric.ts';
import { goalInName } from '../base/metric-direction.ts';
import { parseJson } from '../base/parse-json.ts';
import { baseOf } from '../base/path-text.ts';
import { plainText } from '../base/plain-text.ts';
import { parseStrictNumber } from '../base/strict-number.ts';
import { type RunText, readMeasurement } from '../run/measurement.ts';
import { columnNames, tableReports } from '../run/table-reports.ts';
import { type Found, isName, isScore, maxLineCharacters, mentions, type Split, splitOf } from './mentions.ts';
import type { ProjectFile } from './project-files.ts';

export interface MetricCandidate {
  /** As a brief names it. */
  readonly name: string;
  /** Which way is better; undefined where the name does not say. */
  readonly goal: Goal | undefined;
  /** Needed where the form that it is printed in is not one that is read by itself. */
  readonly pattern?: string;
  /** The file that has it, where it is not printed; as a brief names it. */
  readonly file?: string;
  /** The last value. */
  readonly value: number;
  readonly count: number;
  readonly split: Split;
  /** The last line that says it, as printed. */
  readonly line: string;
  /** What it is printed for, where lines begin with two things or more, such as the names of models; the last one's counts. */
  readonly heads?: readonly string[];
}

/** What the owner says of the metric before it is looked for. */
export interface AskedMetric {
  readonly name?: string | undefined;
  readonly goal?: Goal | undefined;
}

/** The candidates, the likeliest first; those of another name than the one asked for are left out. */
export function metricCandidates(text: RunText, asked: AskedMetric = {}): readonly MetricCandidate[] {
  const found = new Map<string, Found>();
  const heads = new Map<string, Set<string>>();
  for (const each of [...declared(text), ...mentions(text.trainLog), ...columns(text.trainLog)]) {
    const key = each.name.toLowerCase();
    const before = found.get(key);
    if (before?.form === 'declared' && each.form === 'printed') continue;
    found.set(key, { ...each, count: (before?.count ?? 0) + 1 });
    if (each.head) heads.set(key, (heads.get(key) ?? new Set()).add(each.head));
  }
  const wanted = [...found.values()].filter(({ name }) => asked.name === undefined || isSame(name, asked.name));
  const ranked = wanted.map((each) => ({ each, rank: rankOf(each) })).sort((a, b) => b.rank - a.rank);
  const candidates = ranked.flatMap(({ each }) => {
    const said = [...(heads.get(each.name.toLowerCase()) ?? [])];
    return readBack(text, each, asked).map((one) => (said.length > 1 ? { ...one, heads: said } : one));
  });
  return candidates.length > 0 || asked.name === undefined ? candidates : foundByReader(text, asked.name, asked.goal);
}

/** The metric that the owner names, where the reader of a run's score finds it under another name than is offered here. */
function foundByReader(text: RunText, name: string, asked: Goal | undefined): MetricCandidate[] {
  if (!isName(name)) return [];
  const goal = asked ?? goalInName(name);
  const reading = readMeasurement(text, { name, goal: goal ?? 'minimize' });
  if (reading.kind !== 'measured') return [];
  const lines = plainText(text.trainLog).split('\n');
  const line = lines.findLast((each) => each.toLowerCase().includes(name.toLowerCase()))?.trim() ?? name;
  return [{ name, goal, value: reading.measurement.value, count: 1, split: splitOf(name), line }];
}

/**
 * The candidates in files that a script wrote, such as `metrics/eval.json`, in the same order: for a script that prints none.
 * Their paths are as a brief names them.
 */
export function fileCandidates(
  text: RunText,
  files: readonly ProjectFile[],
  asked: AskedMetric = {},
): readonly MetricCandidate[] {
  const found = files.flatMap((file) => figuresIn(file.text).map((figure) => ({ ...figure, file })));
  const wanted = found.filter(({ name }) => asked.name === undefined || name === asked.name);
  const candidates = wanted.flatMap(({ name, value, file }): RankedCandidate[] => {
    const goal = asked.goal ?? goalInName(name);
    const metric = { name, goal: goal ?? 'minimize', file: file.path } as const;
    const reading = readMeasurement({ ...text, metricFile: file.text }, metric);
    if (reading.kind !== 'measured' || reading.measurement.value !== value) return [];
    const split = splitOf(`${baseOf(file.path)} ${name}`);
    const rank = rankOf({ name, value, split, form: 'declared', fromEnd: 0 });
    return [{ name, goal, file: file.path, value, count: 1, split, line: `${file.path}: ${name}`, rank }];
  });
  return candidates.sort((a, b) => b.rank - a.rank).map(({ rank: _, ...candidate }) => candidate);
}

type RankedCandidate = MetricCandidate & { readonly rank: number };

interface Figure {
  readonly name: string;
  readonly value: number;
}

/** The scores of JSON, by their paths, and of columns, by their last row. */
function figuresIn(text: string): readonly Figure[] {
  const json: unknown = parseJson(text);
  const figures = json === undefined ? figuresOfRows(text) : figuresOfJson(json, []);
  return figures.filter(({ name, value }) => isScore(name) && Number.isFinite(value)).slice(0, maxFigures);
}

const maxFigures = 100;
const maxDepth = 4;

function figuresOfJson(json: unknown, path: readonly string[]): readonly Figure[] {
  if (typeof json === 'number') return [{ name: path.join('.'), value: json }];
  if (typeof json !== 'object' || json === null || Array.isArray(json) || path.length >= maxDepth) return [];
  return Object.entries(json).flatMap(([key, value]) => figuresOfJson(value, [...path, key]));
}

function figuresOfRows(text: string): readonly Figure[] {
  const rows = text.split(/\r\n?|\n/).filter((row) => row.trim() !== '' && !row.startsWith('#'));
  const [header = '', ...more] = rows;
  const delimiter = ['\t', ';', ','].find((each) => header.includes(each)) ?? ',';
  const cells = (more.at(-1) ?? '').split(delimiter);
  return header.split(delimiter).flatMap((name, index) => {
    const value = parseStrictNumber(cells[index]?.trim() ?? '')?.value;
    return value === undefined ? [] : [{ name: name.trim(), value }];
  });
}

function isSame(name: string, asked: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return plain(name) === plain(asked);
}

/** Keeps it where the reader finds the same value, in the form that needs the least said. */
function readBack(text: RunText, found: Found, asked: AskedMetric): MetricCandidate[] {
  const { value, count, split, line } = found;
  const name = asked.name ?? found.name;
  const goal = asked.goal ?? goalInName(name) ?? found.goal;
  for (const pattern of [undefined, ...found.patterns]) {
    const metric = { name, goal: goal ?? 'minimize', ...(pattern === undefined ? {} : { pattern }) };
    const reading = readMeasurement(text, metric);
    if (reading.kind !== 'measured' || reading.measurement.value !== value) continue;
    return [{ name, goal, value, count, split, line, ...(pattern === undefined ? {} : { pattern }) }];
  }
  return [];
}

/** What the script reports in a form that is meant for a reader: metrics.json, a block behind `---`, a METRIC line. */
function declared({ trainLog, metricsJson }: RunText): Found[] {
  const common = { form: 'declared', patterns: [], fromEnd: 0, count: 0 } as const;
  const json: unknown = parseJson(metricsJson ?? '');
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const inJson = entries.flatMap(([name, value]) =>
    typeof value === 'number' && isName(name) && Number.isFinite(value)
      ? [{ ...common, name, value, split: splitOf(name), line: `metrics.json: ${name}` }]
      : [],
  );
  const log = plainText(trainLog);
  const block = /(?:^|\n)---[ \t]*\n((?:[^\s:=,|]+[ \t]*:.*(?:\n|$))+)\s*$/.exec(log)?.[1] ?? '';
  const inBlock = [...block.matchAll(/^([^\s:=,|]+)[ \t]*:[ \t]*(\S+)[ \t]*$/gm)];
  const onLines = [...log.matchAll(/\bMETRIC ([^\s:=,|]+) ?= ?(\S+)/g)];
  const printed = [...inBlock, ...onLines].flatMap(([line = '', name = '', number = '']) => {
    const value = parseStrictNumber(number)?.value;
    return value === undefined ? [] : [{ ...common, name, value, split: splitOf(name), line }];
  });
  return [...inJson, ...printed];
}

/** Scores that stand in columns of a table, below their names. */
function columns(log: string): Found[] {
  const lines = plainText(log)
    .split('\n')
    .filter((line) => line.trim() !== '' && line.length < maxLineCharacters);
  const names = columnNames(lines).filter((name) => isScore(name) && /^[A-Za-z_][\w.@/-]*$/.test(name));
  return names.slice(0, maxColumns).flatMap((name) =>
    tableReports(lines, name).flatMap(({ line, found }): Found[] => {
      if ('reason' in found) return [];
      const row = (lines[line] ?? '').trim();
      const fromEnd = lines.length - 1 - line;
      return [
        { name, value: found.value, split: splitOf(name), line: row, form: 'printed', patterns: [], fromEnd, count: 0 },
      ];
    }),
  );
}

const maxColumns = 20;

/** The order in which candidates are offered: held out before the rest, a loss before an accuracy, the last lines first. */
function rankOf({
  name,
  split,
  form,
  fromEnd,
  value,
}: Pick<Found, 'name' | 'split' | 'form' | 'fromEnd' | 'value'>): number {
  const isValidation = /val|dev|holdout|oof|cv/i.test(name);
  return (
    (form === 'declared' ? 100 : 0) +
    (split === 'held-out' ? (isValidation ? 40 : 35) : split === 'training' ? -30 : 0) +
    (goalInName(name) === undefined ? -15 : 0) +
    (/loss|bpb|perplexity|ppl|nll|rmse|mse|mae/i.test(name) ? 12 : /acc|auc|f1/i.test(name) ? 10 : 8) +
    (fromEnd < 5 ? 6 : 0) -
    (/best/i.test(name) ? 2 : 0) -
    // Counts, and zero, say little.
    (Number.isInteger(value) && Math.abs(value) !== 1 ? 6 : 0)
  );
}
