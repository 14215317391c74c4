/**
 * What a cell of a ledger says: a number, or a text fit to be shown. Any program may have written it, so each cell is
 * bounded and made printable.
 */
import { plainLine } from '../base/plain-text.ts';
import { parseStrictNumber } from '../base/strict-number.ts';

const maxCharacters = 500;

/** The cell on one line, without control characters and at most 500 characters long. */
export function cellText(raw: string): string {
  const line = plainLine(raw);
  return line.length <= maxCharacters ? line : `${line.slice(0, maxCharacters - 1)}…`;
}

/** The number of a cell, marks of emphasis and a percent sign apart; undefined for all else, such as `nan`, `1,234`, `-`. */
export function cellNumber(raw: string, hasDecimalComma = false): number | undefined {
  const bare = raw
    .trim()
    .replace(/^[*`_~]{1,3}|[*`_~]{1,3}$/g, '')
    .replace(/^\u2212/, '-')
    .replace(/\s*(?:±|\+\/-)\s*[\d.eE+-]{1,20}$/u, '')
    .replace(/\s*%$/, '');
  const text = hasDecimalComma ? bare.replace(/^([+-]?\d{1,20}),(\d{1,20})$/, '$1.$2') : bare;
  return parseStrictNumber(text)?.value;
}
