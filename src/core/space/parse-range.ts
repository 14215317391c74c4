/**
 * The text form of a knob's range, as it stands under `space:` in a brief: `log 1e-4..1e-1`, `int 2..12`, `bool` …
 */

import { type Reading, read, refusalError, refuse } from '../brief/reading.ts';
import { formatChoices, readChoices } from './choices.ts';
import type { Range } from './knob.ts';
import { formatNumber, isPowerOfTwo, readNumber } from './number-text.ts';

const grammar =
  'Ranges are `float 0..0.98`, `log 1e-4..1e-1`, `int 2..12`, `int log 16..1024`, `pow2 16..1024`, `bool`, ' +
  '`choice constant, linear`, and `0 or log 1e-5..1e-2`.';
const unreadable = refuse('a range such as `log 1e-4..1e-1`', { hint: grammar });

/** Parses a range; `subject` begins the error's sentence, as in "program.md line 12: `space.LR`". */
export function parseRange(text: string, subject: string): Range {
  const reading = readRange(text);
  if (reading.kind === 'refused') throw refusalError(subject, reading, text);
  return reading.value;
}

/** Reads a range. */
export function readRange(raw: unknown): Reading<Range> {
  if (raw === null || raw === undefined) {
    return refuse(unreadable.expected, { hint: 'Put a range that has commas in quotes: inside { } a comma ends it.' });
  }
  if (typeof raw !== 'string') return unreadable;
  const text = raw.trim();
  if (text === 'bool') return read({ kind: 'choice', values: [false, true] });
  const items = /^choice\s+(.*)$/s.exec(text)?.[1];
  return items === undefined ? readInterval(text) : readChoices(items);
}

const interval = /^(0\s+or\s+)?(log|float(?:\s+log)?|int(?:\s+log)?|pow2)\s+(\S+?)\s*\.\.\s*(\S+)$/;

function readInterval(text: string): Reading<Range> {
  const match = interval.exec(text);
  if (match === null) return unreadable;
  const [, zeroText, scale = '', lowText = '', highText = ''] = match;
  const low = readNumber(lowText);
  const high = readNumber(highText);
  if (low === undefined) return refuse('a range whose bounds are numbers', { found: lowText });
  if (high === undefined) return refuse('a range whose bounds are numbers', { found: highText });
  if (low >= high) return refuse('a range whose low bound is below its high bound');
  const zero = zeroText !== undefined;
  if (scale === 'pow2') return zero ? refuse('`pow2` without `0 or`') : readPowersOfTwo(low, high);
  const log = scale.endsWith('log');
  const kind = scale.startsWith('int') ? 'int' : 'float';
  if (kind === 'int' && !(Number.isSafeInteger(low) && Number.isSafeInteger(high))) {
    return refuse('an int range with whole bounds');
  }
  if (log && low <= 0) return refuse('a log range whose low bound is above zero', { hint: 'Or `0 or log low..high`.' });
  if (zero && low <= 0 && high >= 0) return refuse('a range without `0 or`, since it contains 0 already');
  return read({ kind, low, high, log, zero });
}

function readPowersOfTwo(low: number, high: number): Reading<Range> {
  if (!isPowerOfTwo(low) || !isPowerOfTwo(high)) return refuse('a pow2 range whose bounds are powers of two');
  return read({ kind: 'power-of-two', low, high });
}

/** The text that parses into this range. */
export function formatRange(range: Range): string {
  switch (range.kind) {
    case 'choice':
      return JSON.stringify(range.values) === '[false,true]' ? 'bool' : `choice ${formatChoices(range.values)}`;
    case 'power-of-two':
      return `pow2 ${range.low}..${range.high}`;
    case 'int':
    case 'float': {
      const scale = range.kind === 'int' ? (range.log ? 'int log' : 'int') : range.log ? 'log' : 'float';
      return `${range.zero ? '0 or ' : ''}${scale} ${formatNumber(range.low)}..${formatNumber(range.high)}`;
    }
    default:
      return range satisfies never;
  }
}
