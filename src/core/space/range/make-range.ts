/**
 * Ranges of numbers, written briefly.
 */
import type { ItemRange, KnobValue } from '../knob.ts';

/** Evenly from low to high. */
export function betweenRange(low: number, high: number): ItemRange {
  return { kind: 'float', low, high, log: false, zero: false };
}

/** On a logarithmic scale; bounds are rounded to two digits. */
export function logRange(low: number, high: number): ItemRange {
  return { kind: 'float', low: twoDigits(low), high: twoDigits(high), log: true, zero: false };
}

/** Off, or on a logarithmic scale; bounds are rounded to two digits. */
export function zeroOrLog(low: number, high: number): ItemRange {
  return { kind: 'float', low: twoDigits(low), high: twoDigits(high), log: true, zero: true };
}

/** Whole numbers from at least 1. */
export function intRangeOf(low: number, high: number, isLog: boolean): ItemRange {
  return { kind: 'int', low: Math.max(1, Math.floor(low)), high, log: isLog, zero: false };
}

/** From an eighth of a power of two to eight times it. */
export function powersAround(value: number): ItemRange {
  return { kind: 'power-of-two', low: Math.max(1, value / 8), high: value * 8 };
}

/** A few values. */
export function choiceOf(values: readonly KnobValue[]): ItemRange & { readonly kind: 'choice' } {
  return { kind: 'choice', values };
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
