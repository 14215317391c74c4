/**
 * Maps values to positions on a figure, and chooses the round values that get a tick.
 */

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** The position of a value, rounded to 0.1 pixel: a screen shows no more. */
  readonly at: (value: number) => number;
}

/** A linear scale from values [low, high] to positions [from, to]. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1;
  return { low, high, at: (value) => Math.round((from + ((value - low) / span) * (to - from)) * 10) / 10 };
}

/** About `count` round values within [low, high]: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const step = roundStep(span / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Ticks of a count: whole numbers only. */
export function wholeTicks(low: number, high: number, count: number): number[] {
  return ticks(low, high, Math.min(count, Math.max(1, high - low))).filter((tick) => Number.isInteger(tick));
}

/** The value with as many decimals as tell neighbouring ticks apart. */
export function formatTick(value: number, values: readonly number[]): string {
  const step = Math.abs((values[1] ?? value + 1) - (values[0] ?? value));
  const largest = Math.max(...values.map(Math.abs));
  if (largest >= 1e6 || (largest > 0 && step < 1e-7)) return value.toExponential(2);
  const decimals = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
  return (Math.abs(value) < step / 1e6 ? 0 : value).toFixed(decimals);
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const rest = rough / power;
  const factor = rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10;
  return factor * power;
}
