/**
 * A count of a total with its percentage behind it, as PyTorch's examples print an accuracy.
 */
import { matchAt } from '../base/literal-pattern.ts';
import { parseStrictNumber } from '../base/strict-number.ts';
import type { Token } from './number-token.ts';

const shareBehind = /\s*[([]?\s*(\d{1,3}(?:\.\d+)?)\s*%/y;

/** The token; a count with its percentage behind it, `9913/10000 (99%)`, as that percentage, to the digits of the count. */
export function withShare(line: string, token: Token): Token {
  const [, count = '', total = ''] = /^(\d{1,9})\/(\d{1,9})$/.exec(token.text) ?? [];
  const printed = count === '' ? undefined : matchAt(shareBehind, line, token.end);
  const percent = parseStrictNumber(/\d[\d.]*/.exec(printed ?? '')?.[0] ?? '');
  if (percent === undefined || Number(total) === 0 || Number(count) > Number(total)) return token;
  const value = (100 * Number(count)) / Number(total);
  // A percentage of something else stays what it is.
  if (Math.abs(value - percent.value) > percent.resolution) return token;
  return { ...token, number: { value, resolution: 100 / Number(total) } };
}
