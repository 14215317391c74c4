/**
 * Where the tried values of a knob lie, and how alike their effects are taken to be before anything is measured.
 *
 * The journal has no ranges, so the scale follows from the values that were tried.
 */
import type { KnobValue } from '../knob.ts';
import { type Scale, shareOf } from '../scale.ts';

/** 0 to 1 for a number, between the lowest and the highest that was tried; a text for anything else. */
export type Place = number | string;

/** Tried numbers whose largest is at least this many times the smallest are put on a logarithmic scale. */
const logFrom = 8;

/** The scale on which the numbers among these values lie. */
export function scaleOf(values: readonly (KnobValue | undefined)[]): Scale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (typeof value !== 'number') continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high, log: low > 0 && high >= logFrom * low };
}

/** The place of each value; a value that is not known is one of its own. */
export function placesOf(values: readonly (KnobValue | undefined)[]): readonly Place[] {
  const scale = scaleOf(values);
  const { low, high } = scale;
  return values.map((value) => {
    if (typeof value !== 'number') return JSON.stringify(value) ?? 'as it was';
    return low === high ? 0 : shareOf(scale, value);
  });
}

/** The share of the scale over which the effect of a number changes. */
const reach = 0.5;

/** The correlation of the effects at two places: Matern's with smoothness 3/2 for numbers, none between other values. */
export function likeness(a: Place, b: Place): number {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b ? 1 : 0;
  const distance = (Math.sqrt(3) * Math.abs(a - b)) / reach;
  return (1 + distance) * Math.exp(-distance);
}
