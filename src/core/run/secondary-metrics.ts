/**
 * Everything numeric that a training reports beside the metric, for guards and conditions; a doubtful number is left out.
 *
 * From the last block, from `METRIC` lines, from `metrics.json`, and from lines that are one `name: value` and no more.
 */
import type { Metric } from '../base/metric.ts';
import { parseStrictNumber } from '../base/strict-number.ts';
import { type Block, blocksIn } from './blocks.ts';
import { numbersIn } from './find-metric.ts';
import { parseLiterals } from './literal.ts';
import { withoutLogPrefix, withoutOpenBar } from './log-line.ts';
import { metricLinesIn } from './metric-lines.ts';
import { tokenAt } from './number-token.ts';

/** More are left out: each run's are journalled. */
const maxMetrics = 64;

/** By name, the last number of each. A run's own summary outranks what it printed on the way. */
export function secondaryMetrics(
  lines: readonly string[],
  metricsJson: string | undefined,
  { name: metric }: Pick<Metric, 'name'>,
): Record<string, number> {
  const block = blocksIn(lines).at(-1);
  const found = new Map<string, number | undefined>();
  for (const [name, number] of block ? [] : plainPairs(lines)) found.set(name, number);
  for (const { name, token } of metricLinesIn(lines)) found.set(name, token.number?.value);
  for (const [name, number] of block ? pairsOf(block) : []) found.set(name, number);
  for (const [name, number] of fileNumbers(metricsJson)) found.set(name, number);
  const known = [...found].flatMap(([name, number]) =>
    number === undefined || name === metric ? [] : [[nameOf(name), number] as const],
  );
  return Object.fromEntries(known.slice(0, maxMetrics));
}

/** The name under which the journal keeps a figure: karpathy's scripts call their peak memory `peak_vram_mb`. */
export function nameOf(key: string): string {
  return key === 'peak_vram_mb' ? 'peak_memory_mb' : key;
}

function pairsOf({ values }: Block): readonly (readonly [string, number | undefined])[] {
  return [...values].map(([name, [value = '', ...more]]) => [name, more.length === 0 ? wholeNumber(value) : undefined]);
}

/** Lines that are a name and a number alone, as a summary without a rule before it has them. */
function plainPairs(lines: readonly string[]): readonly (readonly [string, number | undefined])[] {
  return lines.flatMap((raw) => {
    const pair = /^([\p{L}_][^\s:=,|]*)\s*[:=]\s*(\S.*)$/u.exec(withoutOpenBar(withoutLogPrefix(raw.trim())).trim());
    const [, name = '', value = ''] = pair ?? [];
    const number = pair ? wholeNumber(value.trim()) : undefined;
    return number === undefined ? [] : [[name, number] as const];
  });
}

function wholeNumber(text: string): number | undefined {
  const token = tokenAt(text, 0);
  return token.end === text.length ? token.number?.value : parseStrictNumber(text)?.value;
}

function fileNumbers(metricsJson: string | undefined): readonly (readonly [string, number])[] {
  const values = metricsJson === undefined ? undefined : parseLiterals(metricsJson);
  return (values ?? []).flatMap((value) => numbersIn(value));
}
