/**
 * Which metric a brief without front matter means: the name that its own `grep`, the header of its ledger, the block of
 * results that it shows, its prose and what its scripts print agree on.
 */
import { literalPattern } from '../../base/literal-pattern.ts';

/** What a name was found in. */
export type Source = 'grep' | 'header' | 'ledger' | 'block' | 'prose' | 'script';

/** A name, and all places that have it, the surest first. */
export interface NamedMetric {
  readonly name: string;
  readonly sources: readonly Source[];
  /** The line of program.md that names it first; undefined where only other files do. */
  readonly line: number | undefined;
}

/** What is read for it. */
export interface MetricTexts {
  readonly prose: string;
  /** The metric of the ledger beside the brief, if there is one. */
  readonly ledgerMetric: string | undefined;
  /** The scripts of the folder. */
  readonly scripts: readonly string[];
}

/** All names that any place gives, the likeliest first; two places must agree before one is taken. */
export function metricNames({ prose, ledgerMetric, scripts }: MetricTexts): readonly NamedMetric[] {
  const found: Found[] = [
    ...namesInGreps(prose),
    ...namesInHeaders(prose),
    ...(ledgerMetric === undefined ? [] : [{ name: ledgerMetric, source: 'ledger' as const, isFirst: true }]),
    ...namesInBlocks(prose),
    ...namesInSentences(prose),
  ];
  const names = [...new Set(found.map(({ name }) => name))];
  return names
    .map((name) => weigh(name, found, scripts))
    .toSorted((a, b) => b.weight - a.weight || rankOf(a.sources) - rankOf(b.sources))
    .map(({ name, sources, line }) => ({ name, sources, line }));
}

interface Found {
  readonly name: string;
  readonly source: Source;
  /** Whether it stands first there: what follows are mostly secondary metrics. */
  readonly isFirst: boolean;
  readonly line?: number;
}

const order: readonly Source[] = ['grep', 'header', 'prose', 'ledger', 'block', 'script'];

function rankOf([surest]: readonly Source[]): number {
  return surest === undefined ? order.length : order.indexOf(surest);
}

function weigh(name: string, found: readonly Found[], scripts: readonly string[]) {
  const own = found.filter((each) => each.name === name);
  const isPrinted = scripts.some((script) => prints(script, name));
  const sources = order.filter((source) =>
    source === 'script' ? isPrinted : own.some((each) => each.source === source),
  );
  const firsts = order.filter((source) => own.some((each) => each.source === source && each.isFirst));
  const line = own.find((each) => each.line !== undefined)?.line;
  return { name, sources, line, weight: sources.length + firsts.length };
}

/** Whether a script prints the name as `name: number` or `name=number`, or keeps a number under it. */
export function prints(script: string, name: string): boolean {
  return new RegExp(`(?<![\\w.])${literalPattern(name)}["']?\\s*[:=]\\s*(?:\\{|%|["'f]|\\\\t| {2})`).test(script);
}

/** `grep "^score:\|^hopper_return:" run.log` -> score, hopper_return. */
function namesInGreps(prose: string): Found[] {
  return linesOf(prose).flatMap(({ text, line }) => {
    const patterns = [...text.matchAll(/grep\s+(?:-{1,2}[\w=-]{1,20}\s+)*(["'])(.{1,300}?)\1/g)].map(
      (match) => match[2] ?? '',
    );
    const names = patterns.flatMap((pattern) => pattern.split(/\\?\|/).map(bareName)).filter(isMetricName);
    return names.map((name, index) => ({ name, source: 'grep' as const, isFirst: index === 0, line }));
  });
}

/** The name in a regular expression of grep; empty for one that is more than a name. */
function bareName(pattern: string): string {
  return /^\^?\s*([A-Za-z][\w./-]{1,60}?)(?:\\?[:=]|\s|\.\*|\\s)*$/.exec(pattern.trim())?.[1] ?? '';
}

function namesInHeaders(prose: string): Found[] {
  return linesOf(prose).flatMap(({ text, line }) =>
    headerNames(text).map((name, index) => ({ name, source: 'header' as const, isFirst: index === 0, line })),
  );
}

/** The metrics in the header of a ledger, in its order: `commit  val_mae  val_r2  memory_gb  status  description`. */
function headerNames(line: string): readonly string[] {
  const cells = line
    .replace(/[`|]/g, '\t')
    .split(/\t| {2,}|,\s*|\s+/)
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');
  const isHeader =
    cells.length >= 3 &&
    cells.length <= 40 &&
    cells.every((cell) => /^[\p{L}][\w.%/-]*$/u.test(cell)) &&
    cells.filter((cell) => isOtherColumn(cell) || /^memory_gb$/.test(cell)).length >= 2 &&
    cells.some((cell) => /^(?:status|decision|kept)$/i.test(cell));
  return isHeader ? cells.filter((cell) => isMetricName(cell) && !isOtherColumn(cell)) : [];
}

function isOtherColumn(cell: string): boolean {
  return /^(?:commit|status|decision|kept|description|notes?|experiment|exp|exp_id|id|run|iter|iteration|timestamp|date|hypothesis|change|title|model|policy|task|kind|thread|seed|seeds|stage|gpus?|tier|seeds_passed|delta|rounds|growth_vol|artifact_bytes)$/i.test(
    cell,
  );
}

/** Lines `val_bpb:          0.9979` in a fenced block. */
function namesInBlocks(prose: string): Found[] {
  let isFenced = false;
  let isFirst = true;
  return linesOf(prose).flatMap(({ text, line }) => {
    if (/^\s*(?:```|~~~)/.test(text)) {
      isFenced = !isFenced;
      isFirst = true;
      return [];
    }
    const name = isFenced ? /^\s*([A-Za-z][\w./-]{1,60})\s*:\s+[-+]?(?:\d|\.\d|<|X\.X)/.exec(text)?.[1] : undefined;
    if (name === undefined || !isMetricName(name)) return [];
    const found = { name, source: 'block' as const, isFirst, line };
    isFirst = false;
    return [found];
  });
}

/** "get the lowest `val_mae`", "maximize **mean_score**", "Primary metric: `primary_f05`". */
function namesInSentences(prose: string): Found[] {
  const aim =
    /\b(?:lowest|highest|lower|higher|minimi[sz](?:e|es|ing)|maximi[sz](?:e|es|ing)|improv(?:e|es|ing)|(?:primary|main|target|key|optimi[sz]ation) metric|metric(?: is)?|objective(?: is)?)\b[^\n.;]{0,80}?(?:[`*]{1,3}([A-Za-z][\w/]{1,60})[`*]{1,3}|\b([a-z]+_[a-z\d_]{1,50})\b)/gi;
  return linesOf(prose).flatMap(({ text, line }) =>
    [...text.matchAll(aim)].flatMap((match) => {
      const name = match[1] ?? match[2] ?? '';
      return isMetricName(name) ? [{ name, source: 'prose' as const, isFirst: true, line }] : [];
    }),
  );
}

/** Whether a name may be a metric's: no resource, time, count, spread or file, and no word of any brief. */
function isMetricName(name: string): boolean {
  const isFile = /\.(?:py|md|tsv|log|json|sh|yaml|txt)$/i.test(name);
  const isPlainWord =
    /^(?:datasets?|data|model|models|config|train|training|test|val|validation|metrics?|baseline|results?|status|method|key|name|value|values|error|traceback|file|run|main|best|true|false|none|seed|step|epoch|keep|discard|crash)$/i.test(
      name,
    );
  const isResource =
    /vram|(?:^|_)(?:mem|memory)(?:_|$)|_(?:mb|gb)$|(?:^|_)(?:secs?|seconds|minutes|s|ms)$|runtime|duration|elapsed|latency|^(?:num|n|total|max|std|var)_|_(?:std|var)$|(?:^|_)(?:steps?|tokens?|tok|params?|depth|epochs?|mfu)(?:_|$)/i.test(
      name,
    );
  return name !== '' && !isFile && !isPlainWord && !isResource;
}

function linesOf(text: string): { text: string; line: number }[] {
  return text.split('\n').map((each, index) => ({ text: each.slice(0, 2000), line: index + 1 }));
}
