/**
 * The numbers in a script's output that may be its score, the likeliest first.
 *
 * Whatever is given here is read back from the same output by the reader that a run's score goes through, with the same
 * value: a brief that names it cannot miss it.
 */

import { literalPattern } from '../base/literal-pattern.ts';
import type { Goal } from '../base/metric.ts';
import { goalInName } from '../base/metric-direction.ts';
import { parseJson } from '../base/parse-json.ts';
import { baseOf } from '../base/path-text.ts';
import { plainText } from '../base/plain-text.ts';
import { parseStrictNumber } from '../base/strict-number.ts';
import { type RunText, readMeasurement } from '../run/measurement.ts';
import { columnNames, tableReports } from '../run/table-reports.ts';
import type { ProjectFile } from './project-files.ts';

/** What a number was measured on, as far as its name or its line says. */
export type Split = 'held-out' | 'training' | 'unsaid';

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
}

/** What the owner says of the metric before it is looked for. */
export interface AskedMetric {
  readonly name?: string | undefined;
  readonly goal?: Goal | undefined;
}

/** The candidates, the likeliest first; those of another name than the one asked for are left out. */
export function metricCandidates(text: RunText, asked: AskedMetric = {}): readonly MetricCandidate[] {
  const found = new Map<string, Found>();
  for (const each of [...declared(text), ...mentions(text.trainLog), ...columns(text.trainLog)]) {
    const key = each.name.toLowerCase();
    const before = found.get(key);
    if (before?.form === 'declared' && each.form === 'printed') continue;
    found.set(key, { ...each, count: (before?.count ?? 0) + 1 });
  }
  const wanted = [...found.values()].filter(({ name }) => asked.name === undefined || isSame(name, asked.name));
  const ranked = wanted.map((each) => ({ each, rank: rankOf(each) })).sort((a, b) => b.rank - a.rank);
  return ranked.flatMap(({ each }) => readBack(text, each, asked));
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

interface Found {
  readonly name: string;
  readonly value: number;
  readonly split: Split;
  readonly line: string;
  readonly form: 'declared' | 'printed';
  /** Patterns that may read it, the simplest first. */
  readonly patterns: readonly string[];
  /** Lines between it and the end of the output. */
  readonly fromEnd: number;
  readonly count: number;
}

function isSame(name: string, asked: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return plain(name) === plain(asked);
}

/** Keeps it where the reader finds the same value, in the form that needs the least said. */
function readBack(text: RunText, found: Found, asked: AskedMetric): MetricCandidate[] {
  const { value, count, split, line } = found;
  const name = asked.name ?? found.name;
  const goal = asked.goal ?? goalInName(name);
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

function isName(text: string): boolean {
  return /^[^\s:=,|]+$/.test(text);
}

const word = String.raw`[A-Za-z_][\w.@/-]*`;
const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w|[.,]\d)`;
/** A few words, a mark or a blank, and a number: `val_loss: 0.53`, `'eval_loss': 2.3`, `val loss 0.53`, `Accuracy: 99/100 (99%)`. */
const mention = new RegExp(
  String.raw`(?<phrase>(?:${word} ){0,3}${word}(?: ?\((?:%|[a-z]+)\))?)(?<mark>['"]?\s*(?:[:=|]|->|=>)?\s*(?:\d+/\d+ ?\(|(?:torch\.)?tensor\(|np\.\w+\(|array\(|\[ *(?=[-+.\deE]+ *\]))?['"]?)(?<number>${number})(?<after>%|/\d)?`,
  'g',
);

function mentions(log: string): Found[] {
  const lines = plainText(log)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.flatMap((line, index) => mentionsOn(line.slice(0, maxLineCharacters), lines.length - 1 - index));
}

/** Scores that stand in columns of a table, below their names. */
function columns(log: string): Found[] {
  const lines = plainText(log)
    .split('\n')
    .filter((line) => line.trim() !== '' && line.length < maxLineCharacters);
  const names = columnNames(lines).filter((name) => isScore(name) && new RegExp(`^${word}$`).test(name));
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
/** Longer lines are data. */
const maxLineCharacters = 1000;

function mentionsOn(line: string, fromEnd: number): Found[] {
  if (line.includes('METRIC ')) return [];
  const found: Found[] = [];
  for (const match of line.matchAll(mention)) {
    const { phrase = '', mark = '', number: text = '', after = '' } = match.groups ?? {};
    const value = parseStrictNumber(text)?.value;
    // `accuracy is 0.9` says it as `accuracy: 0.9` does.
    const hasVerb = / (?:is|was|equals)$/.test(phrase);
    const named = phrase.replace(/ (?:is|was|equals)$/, '');
    const words = named.split(' ');
    // Between words and a number a blank says less than a mark: the last word must be that of a score.
    const isMarked = hasVerb || /[:=|>(]/.test(mark);
    if (value === undefined || after.startsWith('/')) continue;
    if (!isMarked && !isScoreWord(words.at(-1) ?? '')) continue;
    const own = splitOf(named);
    const context = own === 'unsaid' ? contextOf(line.slice(0, match.index)) : undefined;
    const name = nameOf(context === undefined ? named : `${context.word} ${named}`);
    if (!isScore(name)) continue;
    const start = context?.at ?? match.index;
    const numberAt = match.index + phrase.length + mark.length;
    found.push({
      name,
      value,
      split: context === undefined ? own : splitOf(context.word),
      line: line.trim(),
      form: 'printed',
      patterns: [patternOf(line.slice(start, numberAt), '(?<![\\w.@/-])'), patternOf(line.slice(0, numberAt), '^')],
      fromEnd,
      count: 0,
    });
  }
  return found;
}

/** A word such as `Test set:` or `[val]` at the head of a line, for what the line says behind it. */
function contextOf(before: string): { readonly word: string; readonly at: number } | undefined {
  const found = [
    ...before.matchAll(
      /(?:^|[\s[|(>-])(val|valid|validation|test|eval|evaluation|dev|holdout|train|training)\b(?=[^\d=]*(?:[:\]|>)=-]|set\b|results?\b|\s))/gi,
    ),
  ].at(-1);
  if (found?.[1] === undefined) return undefined;
  return { word: found[1], at: (found.index ?? 0) + found[0].length - found[1].length };
}

/** A regular expression for a number behind this text: figures in the text may differ, blanks may be more or fewer. */
function patternOf(before: string, opening: string): string {
  const pieces = before.split(/(\s+|[-+]?\d[\d.]*(?:[eE][-+]?\d+)?(?![A-Za-z_]))/);
  const source = pieces.map((piece, index) => {
    if (index % 2 === 0) return literalPattern(piece);
    return /^\s/.test(piece) ? '[ \\t]*' : '[-+.\\w]+';
  });
  return `${opening}${source.join('')}([-+.\\w]+)`;
}

function nameOf(phrase: string): string {
  const plain = phrase.replace(/ ?\((?:%|[a-z]+)\)$/, '').replace(/[.:/-]+$/, '');
  if (!plain.includes(' ')) return plain;
  const words = plain.toLowerCase().split(' ');
  const said = words.filter(
    (each) =>
      !/^(?:the|final|epoch|step|iter|iteration|round|fold|result|results|set|of|on|overall|info|at|in)$/.test(each),
  );
  return (said.length === 0 ? words : said).join('_');
}

const heldOut = /(?:^|[^a-z])(?:val|valid|validation|test|eval|evaluation|dev|holdout|held|oof|cv)(?:$|[^a-z])/i;
const training = /(?:^|[^a-z])(?:train|training|tr)(?:$|[^a-z])/i;

function splitOf(phrase: string): Split {
  const spaced = phrase
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .replace(/^(val|valid|test|eval|dev|train)(?=loss|acc|auc|f1|bpb|ppl|mse|rmse|mae)/i, '$1_');
  if (heldOut.test(spaced)) return 'held-out';
  return training.test(spaced) ? 'training' : 'unsaid';
}

/** Names of what a run costs or how far it is, which is no score of what it has learnt. */
const resources =
  /time|sec|elapsed|latency|eta|speed|throughput|per_s|tps|fps|mfu|hfu|_ms$|^ms$|memory|vram|_mb$|_gb$|uptime|overhead|epoch|step|iter|batch|patience|warmup|^lr$|learning_rate|weight_decay|smoothing|scale|coef|lambda|alpha|gamma|grad|norm|param|seed|bandwidth|success(?:es)?$|passed|passing|failed|failures?$|cost$/i;
const open =
  /(?:^|[^a-z])(?:score|metric|objective|fitness|reward|return|elbo|entropy|quality|val|validation)(?:$|[^a-z])/i;

function isScore(name: string): boolean {
  return isName(name) && !resources.test(name) && (goalInName(name) !== undefined || open.test(name));
}

function isScoreWord(text: string): boolean {
  return goalInName(text) !== undefined || open.test(text);
}

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
