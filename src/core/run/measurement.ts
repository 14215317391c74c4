/**
 * Reads the score out of what a run left behind.
 *
 * A silent or non-finite run is an answer too: the loop journals it and moves on. Nothing here knows files or processes.
 * A scored metric is read from the scorer's own output and nowhere else; a self-reported one from `metrics.json`, else the
 * last `---` block, else the last `METRIC name=value`, else the brief's pattern, else whatever the log reports by its name
 * (docs/metrics.md). A report without a number is an answer too: no older or lesser one takes its place.
 */
import type { Metric } from '../base/metric.ts';
import { screenLines } from '../base/screen-text.ts';
import { parseStrictNumber } from '../base/strict-number.ts';
import type { Measurement } from '../journal/run.ts';
import { type Block, blocksIn } from './blocks.ts';
import { findDisagreement } from './channels.ts';
import { findByWords } from './find-metric.ts';
import { type Found, isNotFound, notANumber } from './found.ts';
import { parseLiterals } from './literal.ts';
import { metricLinesIn } from './metric-lines.ts';
import { tokenAt } from './number-token.ts';
import { readLiterals, readMetricFile } from './read-metric-file.ts';
import { readPattern } from './read-pattern.ts';
import { readReports } from './read-reports.ts';
import { isNoNumber, reportsIn } from './reports.ts';
import { nameOf, secondaryMetrics } from './secondary-metrics.ts';

/** What a run left behind, as text. */
export interface RunText {
  readonly trainLog: string;
  /** The scorer's own output; undefined when the brief has no scorer. */
  readonly scoreLog: string | undefined;
  /** Whether the scorer asked the candidate's code in a cage, and loaded none of it itself. */
  readonly isScoredApart?: boolean;
  readonly metricsJson: string | undefined;
  /** The file that the brief names for its metric; absent when the brief names none, or the run did not write it. */
  readonly metricFile?: string | undefined;
}

export type ScoreReading =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  /** `line` is the line of the log that the reason is about, where it is about one. */
  | { readonly kind: 'unmeasured'; readonly reason: string; readonly line?: string | undefined };

/** The metric's value with everything else reported, or why there is none. */
export function readMeasurement(text: RunText, metric: Metric): ScoreReading {
  const train = screenLines(text.trainLog);
  const score = text.scoreLog === undefined ? undefined : screenLines(text.scoreLog);
  const found = score === undefined ? readSelfReported(text, train, metric) : readScored(score, metric);
  if (isNotFound(found)) return { kind: 'unmeasured', reason: found.reason, line: found.line };
  const disagreement = score === undefined ? findDisagreement(text.metricsJson, train, metric) : undefined;
  if (disagreement) return { kind: 'unmeasured', ...disagreement };
  const { [metric.name]: _, [nameOf(metric.name)]: __, ...metrics } = secondaryMetrics(train, text.metricsJson, metric);
  const vouched = score === undefined ? 'self-reported' : text.isScoredApart === true ? 'scored-apart' : 'scored';
  const parts = readParts(score ?? [], metric);
  return { kind: 'measured', measurement: { ...found, vouched, ...(parts && { parts }), metrics } };
}

function readScored(lines: readonly string[], metric: Metric): Found {
  const { name } = metric;
  const named = blocksIn(lines).filter(({ values }) => values.has(name));
  if (named.length > 1) return { reason: `the scorer printed ${named.length} blocks with ${name}` };
  const [block] = named;
  return block ? readBlock(block, metric) : readOneReport(lines, name);
}

/** A scorer without a block may report its score in one line, and only once: the candidate's own code may print too. */
function readOneReport(lines: readonly string[], name: string): Found {
  const reports = reportsIn(lines, name);
  const [report] = reports;
  if (report === undefined) return { reason: `the scorer printed no ${name}` };
  if (reports.length === 1) return report.found;
  return { reason: `the scorer printed ${name} ${reports.length} times, and not in one block behind a line ---` };
}

/** More parts than this say nothing more, and each run's are journalled. */
const maxParts = 256;

/** The metric on parts of the graded data, as the scorer prints them in one line; undefined where one is doubtful. */
function readParts(lines: readonly string[], { name }: Metric): number[] | undefined {
  const block = blocksIn(lines).find(({ values }) => values.has(name));
  const printed = block?.values.get(`${name}_parts`) ?? [];
  const numbers = (printed[0] ?? '').split(/\s+/).map((text) => parseStrictNumber(text)?.value);
  const parts = numbers.filter((number) => number !== undefined);
  const isSound = printed.length === 1 && parts.length === numbers.length && parts.length <= maxParts;
  return isSound ? parts : undefined;
}

function readSelfReported({ metricsJson, metricFile }: RunText, lines: readonly string[], metric: Metric): Found {
  if (metric.file !== undefined) return readMetricFile(metricFile, metric.name, metric.file);
  const inFile = metricsJson === undefined ? undefined : readMetricsFile(metricsJson, metric.name);
  if (inFile !== undefined) return inFile;
  const { found, line } = readLog(lines, metric);
  if (isNotFound(found)) {
    if (metricsJson === undefined) return found;
    const isSilent = found.line === undefined && metric.pattern === undefined;
    // What the log says by the name itself goes before what a file says by the name's words.
    const byWords = isSilent ? readLiterals(metricsJson, metric.name, 'metrics.json', findByWords) : undefined;
    return byWords ?? alsoAbsent(found, metric.name);
  }
  return laterLoss(lines, metric.name, line) ?? found;
}

/** The metric in `metrics.json`; undefined for a whole file that does not have it. */
function readMetricsFile(text: string, name: string): Found | undefined {
  const isWhole = parseLiterals(text) !== undefined;
  return isWhole
    ? readLiterals(text, name, 'metrics.json')
    : { reason: `metrics.json is not whole JSON, so it has no ${name}` };
}

function alsoAbsent({ reason, ...line }: Extract<Found, { reason: string }>, name: string): Found {
  return { reason: line.line === undefined ? `metrics.json has no ${name}, and ${reason}` : reason, ...line };
}

/** What the log says of the metric last, in the best form that it has, and the index of that line. */
function readLog(lines: readonly string[], metric: Metric): { readonly found: Found; readonly line: number } {
  const { name, pattern } = metric;
  const blocks = blocksIn(lines);
  const last = blocks.at(-1);
  if (last?.values.has(name)) return { found: readBlock(last, metric), line: last.end };
  const printed = metricLinesIn(lines).findLast((each) => each.name === name);
  if (printed) {
    const line = lines[printed.line] ?? '';
    return { found: printed.token.number ?? notANumber(name, printed.token.text, line), line: printed.line };
  }
  if (pattern !== undefined) {
    const text = lines.join('\n');
    const { found, at } = readPattern(text, name, pattern);
    return { found, line: text.slice(0, Math.max(0, at)).split('\n').length - 1 };
  }
  if (blocks.some(({ values }) => values.has(name))) {
    return { found: { reason: `the last block behind a line --- has no ${name}, an earlier one has` }, line: 0 };
  }
  return readReports(lines, name);
}

/** A line that says that there is no number, behind the one that a number was read from: the run diverged. */
function laterLoss(lines: readonly string[], name: string, line: number): Found | undefined {
  const later = reportsIn(lines.slice(line + 1), name).filter(({ qualifier }) => qualifier === '');
  const last = later.findLast(({ found }) => isNotFound(found) && isNoNumber(found.said ?? ''));
  return last?.found;
}

/** The protocol is strict: the value is the whole rest of the line, and stands there once. */
function readBlock({ values }: Block, { name }: Metric): Found {
  const printed = [...new Set(values.get(name))];
  if (printed.length > 1) return { reason: `${name} is printed ${printed.length} times in one block` };
  const [text = ''] = printed;
  const token = tokenAt(text, 0);
  return token.number !== undefined && token.end === text.length ? token.number : notANumber(name, text);
}
