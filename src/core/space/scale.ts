/**
 * Where a number lies on a range's own scale, even or logarithmic: equal shares matter equally.
 */

/** The bounds of a range, and whether it is logarithmic. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

/**
 * The share of the scale that lies below a value: 0 at the low bound, 1 at the high one, and outside 0..1 beyond them.
 */
export function shareOf({ low, high, log }: Scale, value: number): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The value at a share of the scale. */
export function valueAt({ low, high, log }: Scale, share: number): number {
  return log ? low * (high / low) ** share : low + (high - low) * share;
}
