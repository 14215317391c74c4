/**
 * Text to number, strictly: whatever is not plainly one finite decimal number is not a number.
 *
 * `Number('')` is 0 and `parseFloat('0,99')` is 0: either would be a perfect loss.
 */

/** A number and the smallest difference that its text can show. */
export interface PrintedNumber {
  readonly value: number;
  readonly resolution: number;
}

// Two exponent digits: a metric of 1e100 is a bug of the script, and 1e-400 would underflow to a perfect 0.
const decimal = /^[+-]?(\d{1,30})?(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** Reads a printed number; undefined for anything doubtful: empty, `nan`, `inf`, `0,99`, `0.99.9`, absurd exponents. */
export function parseStrictNumber(text: string): PrintedNumber | undefined {
  const match = decimal.exec(text.trim());
  if (!match) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const value = Number(text.trim());
  if (!Number.isFinite(value)) return undefined;
  // `+ 0` turns -0 into 0, so that two equal scores look equal in the journal.
  return { value: value + 0, resolution: 10 ** (Number(exponent) - fraction.length) };
}
