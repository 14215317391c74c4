/**
 * Reads the score out of what a run left behind.
 *
 * A silent or non-finite run is an answer too: the loop journals it and moves on. Nothing here knows files or processes.
 * A scored metric is read from the scorer's own output and nowhere else; a self-reported one from `metrics.json`, else the
 * last `---` block, else the last `METRIC name=value` line, else the brief's pattern.
 */
import type { Metric } from '../base/metric.ts';
import { parseJson } from '../base/parse-json.ts';
import { type PrintedNumber, parseStrictNumber } from '../base/strict-number.ts';
import type { Measurement } from '../journal/run.ts';

/** What a run left behind, as text. */
export interface RunText {
  readonly trainLog: string;
  /** The scorer's own output; undefined when the brief has no scorer. */
  readonly scoreLog: string | undefined;
  readonly metricsJson: string | undefined;
}

export type ScoreReading =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'unmeasured'; readonly reason: string };

/** The metric's value with everything else reported, or why there is none. */
export function readMeasurement(text: RunText, metric: Metric): ScoreReading {
  const metrics = readSecondaryMetrics(text);
  const found = text.scoreLog === undefined ? readSelfReported(text, metric) : readScored(text.scoreLog, metric);
  if (typeof found === 'string') return { kind: 'unmeasured', reason: found };
  delete metrics[metric.name];
  const vouched = text.scoreLog === undefined ? 'self-reported' : 'scored';
  const parts = readParts(text.scoreLog ?? '', metric);
  return { kind: 'measured', measurement: { ...found, vouched, ...(parts && { parts }), metrics } };
}

type Found = PrintedNumber | string;

function readScored(scoreLog: string, metric: Metric): Found {
  const named = blocksOf(scoreLog).filter((block) => block.has(metric.name));
  if (named.length > 1) return `the scorer printed ${named.length} blocks with ${metric.name}`;
  const block = named[0];
  return block ? readOne(block, metric) : `the scorer printed no ${metric.name}`;
}

/** More parts than this say nothing more, and each run's are journalled. */
const maxParts = 256;

/** The metric on parts of the graded data, as the scorer prints them in one line; undefined where one is doubtful. */
function readParts(scoreLog: string, { name }: Metric): number[] | undefined {
  const lines =
    blocksOf(scoreLog)
      .find((block) => block.has(name))
      ?.get(`${name}_parts`) ?? [];
  const numbers = (lines[0] ?? '').split(/\s+/).map((text) => parseStrictNumber(text)?.value);
  const parts = numbers.filter((number) => number !== undefined);
  const isSound = lines.length === 1 && parts.length === numbers.length && parts.length <= maxParts;
  return isSound ? parts : undefined;
}

function readSelfReported({ metricsJson, trainLog }: RunText, metric: Metric): Found {
  if (metricsJson !== undefined) return readJson(metricsJson, metric);
  const block = blocksOf(trainLog).at(-1);
  if (block?.has(metric.name)) return readOne(block, metric);
  const line = lastMetricLine(trainLog, metric.name);
  if (line !== undefined) return parse(line, metric);
  if (metric.pattern === undefined) return missing(trainLog, metric);
  const match = [...trainLog.matchAll(new RegExp(metric.pattern, 'gm'))].at(-1);
  return match ? parse(match[1] ?? '', metric) : `nothing in the log matches ${metric.pattern}`;
}

/** A score that is printed in another form than those that are read is told apart from none. */
function missing(log: string, { name }: Metric): string {
  const isPrinted = log.split(/\r\n|\n|\r/).some((line) => {
    const text = line.trim();
    return text.startsWith(name) && /^\s*[:=]\s*\S/.test(text.slice(name.length));
  });
  return isPrinted
    ? `the log has ${name}, but neither in its last block behind a line --- nor as METRIC ${name}=<number>`
    : `the log ends without ${name}`;
}

function parse(text: string, metric: Metric): Found {
  return parseStrictNumber(text) ?? `${metric.name} is not a finite number: ${JSON.stringify(text.slice(0, 40))}`;
}

type Block = ReadonlyMap<string, readonly string[]>;

function readOne(block: Block, metric: Metric): Found {
  const values = block.get(metric.name) ?? [];
  return values.length > 1
    ? `${metric.name} is printed ${values.length} times in one block`
    : parse(values[0] ?? '', metric);
}

/** The blocks of `key: value` lines, each behind a line of exactly `---`; progress bars end their lines with `\r`. */
function blocksOf(log: string): Block[] {
  const blocks: Map<string, string[]>[] = [];
  let isInside = false;
  for (const line of log.split(/\r\n|\n|\r/)) {
    if (line.trim() === '---') {
      blocks.push(new Map());
      isInside = true;
      continue;
    }
    const pair = isInside ? /^([^\s:=,|]+)\s*:(.*)$/.exec(line.trim()) : null;
    if (!pair) {
      isInside &&= line.trim() === '';
      continue;
    }
    const [, key = '', value = ''] = pair;
    const block = blocks.at(-1);
    block?.set(key, [...(block.get(key) ?? []), value.trim()]);
  }
  return blocks.filter((block) => block.size > 0);
}

function lastMetricLine(log: string, name: string): string | undefined {
  const lines = [...log.matchAll(/^METRIC ([^\s:=,|]+)=(.*)$/gm)].filter((match) => match[1] === name);
  return lines.at(-1)?.[2];
}

function readJson(text: string, metric: Metric): Found {
  const value = parseObject(text)?.[metric.name];
  if (value === undefined) return `metrics.json has no ${metric.name}`;
  const [, after = '', ...more] = text.split(JSON.stringify(metric.name));
  if (more.length > 0) return `metrics.json names ${metric.name} twice`;
  if (typeof value !== 'number') return `${metric.name} in metrics.json is not a number`;
  // As it stands in the file: JSON.parse makes a perfect 0 of 1e-400, and takes the digits off 2.10.
  return parse(/^\s*:\s*([-+.\deE]+)/.exec(after)?.[1] ?? String(value), metric);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

/** Everything numeric the training reported beside the metric; a doubtful number is left out. */
function readSecondaryMetrics({ trainLog, metricsJson }: RunText): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [key, [value = '', ...more]] of blocksOf(trainLog).at(-1) ?? []) {
    const number = parseStrictNumber(value);
    if (number && more.length === 0) metrics[nameOf(key)] = number.value;
  }
  for (const [key, value] of Object.entries(parseObject(metricsJson ?? '') ?? {})) {
    if (typeof value === 'number' && Number.isFinite(value)) metrics[nameOf(key)] = value;
  }
  return metrics;
}

function nameOf(key: string): string {
  return key === 'peak_vram_mb' ? 'peak_memory_mb' : key;
}
