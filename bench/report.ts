/**
 * What every bench gives back, and the few statistics that they quote.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';

export interface BenchReport {
  /** Printed with --json, as one object. */
  readonly figures: object;
  /** Printed otherwise, line by line. */
  readonly table: readonly string[];
}

/** The middle of several measurements and how far they spread. */
export interface Spread {
  readonly median: number;
  /** The middle half lies between these. */
  readonly quartiles: readonly [number, number];
  readonly n: number;
}

/** Summarises at least one measurement, rounded to so many digits. */
export function spreadOf(values: readonly number[], digits = 1): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => round(quantile(sorted, share), digits);
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)], n: values.length };
}

/** Rounds to so many digits after the point. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** As `12.3 (11.9 to 13.0)`. */
export function spreadText({ median, quartiles }: Spread): string {
  return `${median} (${quartiles[0]} to ${quartiles[1]})`;
}

/** The machine and how busy it is with other things, since a time means nothing without them. */
export function machine(): string {
  const cores = `${availableParallelism()} cores, ${cpus()[0]?.model.trim() || process.arch}`;
  return `${cores}, Node ${process.versions.node}, load ${round(loadavg()[0] ?? 0, 1)}`;
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}
