/**
 * The text form of a knob's range, as written under `space:` in a brief or in a script's comment:
 * `log 1e-4..1e-1`, `int 2..12`, `(0.8..0.95, 0.9..0.999)`, `bool` …
 */

import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import type { ItemRange, KnobType, Range } from '../knob.ts';
import { formatNumber, isPowerOfTwo, readNumber } from '../number-text.ts';
import { splitOutside } from '../split-outside.ts';
import { formatChoices, readChoices } from './choices.ts';

const grammar =
  'Ranges are `float 0..0.98`, `log 1e-4..1e-1`, `int 2..12`, `int log 16..1024`, `pow2 16..1024`, `bool`, ' +
  '`choice constant, linear`, `0 or log 1e-5..1e-2`, `(0.8..0.95, 0.9..0.999)` for a tuple, and `fixed`; each may end ' +
  'in a condition such as `if OPTIMIZER == sgd`.';
/** The refusal of a text that is no range at all. */
export const unreadable = refuse('a range such as `log 1e-4..1e-1`', { hint: grammar });

/** Reads a range; the knob's type decides what `2..12` and `log 2..12` leave open. */
export function readRange(raw: unknown, type?: KnobType): ReadResult<Range> {
  if (raw === null || raw === undefined) {
    return refuse(unreadable.expected, { hint: 'Put a range that has commas in quotes: inside { } a comma ends it.' });
  }
  if (typeof raw !== 'string') return unreadable;
  const text = raw.trim();
  if (text === 'bool') return read({ kind: 'choice', values: [false, true] });
  if (text.startsWith('(') && text.endsWith(')')) return readItems(text.slice(1, -1));
  const items = /^choice\s+(.*)$/s.exec(text)?.[1];
  return items === undefined ? readInterval(text, type) : readChoices(items);
}

const interval = /^(0\s+or\s+)?(?:(log|float(?:\s+log)?|int(?:\s+log)?|pow2)\s+)?(\S+?)\s*\.\.\s*(\S+)$/;

function readInterval(text: string, type: KnobType | undefined): ReadResult<ItemRange> {
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
  const isWhole = Number.isSafeInteger(low) && Number.isSafeInteger(high);
  const kind = kindOf(scale, type, isWhole && !/[.eE]/.test(lowText + highText));
  if (kind === 'int' && !isWhole) return refuse('an int range with whole bounds');
  if (log && low <= 0) return refuse('a log range whose low bound is above zero', { hint: 'Or `0 or log low..high`.' });
  if (zero && low <= 0 && high >= 0) return refuse('a range without `0 or`, since it contains 0 already');
  return read({ kind, low, high, log, zero });
}

/**
 * The word `int` or `float` decides; for `2..12` and `log 2..12` the knob's type, and without one the bounds' notation.
 */
function kindOf(scale: string, type: KnobType | undefined, looksWhole: boolean): 'int' | 'float' {
  if (scale.startsWith('int')) return 'int';
  if (scale.startsWith('float')) return 'float';
  if (type === 'int') return looksWhole ? 'int' : 'float';
  return scale === '' && type !== 'float' && looksWhole ? 'int' : 'float';
}

function readPowersOfTwo(low: number, high: number): ReadResult<ItemRange> {
  if (!isPowerOfTwo(low) || !isPowerOfTwo(high)) return refuse('a pow2 range whose bounds are powers of two');
  return read({ kind: 'power-of-two', low, high });
}

/** A range for each item of a tuple; a plain number keeps its item fixed. */
function readItems(inside: string): ReadResult<Range> {
  const items: ItemRange[] = [];
  for (const text of splitOutside(inside.replace(/,\s*$/, ''), ',')) {
    const number = readNumber(text.trim());
    const reading = number === undefined ? readInterval(text.trim(), undefined) : read(stillAt(number));
    if (reading.kind === 'refused') return { ...reading, found: reading.found ?? text.trim() };
    items.push(reading.value);
  }
  return read({ kind: 'tuple', items });
}

function stillAt(value: number): ItemRange {
  return { kind: 'choice', values: [value] };
}

/** The text that `readRange` reads as this range. */
export function formatRange(range: Range): string {
  switch (range.kind) {
    case 'choice':
      return JSON.stringify(range.values) === '[false,true]' ? 'bool' : `choice ${formatChoices(range.values)}`;
    case 'power-of-two':
      return `pow2 ${range.low}..${range.high}`;
    case 'tuple':
      return `(${range.items.map(formatItem).join(', ')})`;
    case 'int':
    case 'float': {
      const scale = range.kind === 'int' ? (range.log ? 'int log' : 'int') : range.log ? 'log' : 'float';
      return `${range.zero ? '0 or ' : ''}${scale} ${formatNumber(range.low)}..${formatNumber(range.high)}`;
    }
    default:
      return range satisfies never;
  }
}

function formatItem(range: ItemRange): string {
  return range.kind === 'choice' ? formatChoices(range.values) : formatRange(range);
}
