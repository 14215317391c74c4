/**
 * A guard as the brief writes it: a bound that a secondary metric must keep to.
 */

import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import { parseStrictNumber } from '../../base/strict-number.ts';

/** What a secondary metric must be: at most or at least a number, or a multiple of what the baseline reported. */
export interface Guard {
  readonly side: '<=' | '>=';
  readonly bound: number;
  readonly isRelative: boolean;
}

/** Reads `<= 9000` or `<= 1.2x`. */
export function readGuard(raw: unknown): ReadResult<Guard> {
  const expected = 'a bound such as "<= 9000", or "<= 1.2x" for 1.2 times what the baseline reports';
  if (typeof raw !== 'string') return refuse(expected);
  const match = /^\s*(<=|>=)\s*(\S+?)\s*(x?)\s*$/.exec(raw);
  if (!match) return refuse(expected, { hint: 'Begin with <= or >=, and quote the whole bound.' });
  const [, side, text = '', times] = match;
  const bound = parseStrictNumber(text)?.value;
  if (bound === undefined) return refuse(expected, { found: text });
  if (times === 'x' && bound <= 0) return refuse('more than zero times the baseline', { found: text });
  return read({ side: side === '<=' ? '<=' : '>=', bound, isRelative: times === 'x' });
}

/** Reads a guard and keeps its text. */
export function readGuardText(raw: unknown): ReadResult<string> {
  const reading = readGuard(raw);
  return reading.kind === 'read' ? read(String(raw).trim()) : reading;
}
