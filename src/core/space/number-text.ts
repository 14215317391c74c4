/**
 * Numbers as they are written in a range's text.
 */
import { parseStrictNumber } from '../base/strict-number.ts';

/** A decimal number such as `-.5` or `1e-4`, or a power such as `2**19`. */
export function readNumber(text: string): number | undefined {
  const [, base, exponent] = /^(\d+)\*\*(\d+)$/.exec(text) ?? [];
  if (base === undefined) return parseStrictNumber(text)?.value;
  const value = Number(base) ** Number(exponent);
  return Number.isFinite(value) ? value : undefined;
}

/** A number as text; below 0.001 with an exponent, which is easier to read: `1e-4`, not `0.0001`. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

/** Whether a number is 1, 2, 4, 8 … */
export function isPowerOfTwo(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && 2 ** Math.round(Math.log2(value)) === value;
}
