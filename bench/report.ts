/**
 * What every bench returns, and the statistics that several of them print.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { quantile } from '../src/core/statistics/quantile.ts';

export interface BenchReport {
  /** Printed with --json, as one object. */
  readonly figures: object;
  /** Printed otherwise, line by line. */
  readonly table: readonly string[];
}

/** The median of several measurements and their spread. */
export interface Spread {
  readonly median: number;
  /** The first and third quartile: the middle half lies between them. */
  readonly quartiles: readonly [number, number];
  readonly n: number;
}

/** Summarises one or more measurements, rounded to `digits` digits after the point. */
export function spreadOf(values: readonly number[], digits = 1): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => round(quantile(sorted, share), digits);
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)], n: values.length };
}

/** Rounds to `digits` digits after the point. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Such as `12.3 (11.9 to 13)`. */
export function spreadText({ median, quartiles }: Spread): string {
  return `${median} (${quartiles[0]} to ${quartiles[1]})`;
}

/** The machine and its load, without which a measured time means nothing. */
export function machine(): string {
  const cores = `${availableParallelism()} cores, ${cpus()[0]?.model.trim() || process.arch}`;
  return `${cores}, Node ${process.versions.node}, load ${round(loadavg()[0] ?? 0, 1)}`;
}
