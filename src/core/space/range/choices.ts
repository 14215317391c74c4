/**
 * The items of a `choice` range: numbers, booleans, strings (quoted when they must be) and tuples of numbers.
 */

import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import { type ChoiceRange, type KnobValue, sameValue } from '../knob.ts';
import { formatNumber, readNumber } from '../number-text.ts';

/** Reads `constant, linear, cosine` or `(0.9, 0.95), (0.9, 0.99)`. */
export function readChoices(text: string): ReadResult<ChoiceRange> {
  const item = /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\([^()]*\)|[^\s,"'()](?:[^,"'()]*[^\s,"'()])?)\s*(,|$)/sy;
  const values: KnobValue[] = [];
  for (let separator: string | undefined = ','; separator === ','; ) {
    const start = item.lastIndex;
    const match = item.exec(text);
    if (match === null) return refuse('choices separated by commas', { found: text.slice(start).trim() });
    const value = readItem(match[1] ?? '');
    if (value === undefined) return refuse('choices whose tuples are numbers', { found: match[1] ?? '' });
    if (values.some((other) => sameValue(other, value))) {
      return refuse('choices that differ', { found: `${match[1]} twice` });
    }
    values.push(value);
    separator = match[2];
  }
  return read({ kind: 'choice', values });
}

function readItem(text: string): KnobValue | undefined {
  if (text.startsWith('(')) return readTuple(text.slice(1, -1));
  if (/^["']/.test(text)) return text.slice(1, -1).replace(/\\(["'\\])/g, (_, kept: string) => kept);
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return readNumber(text) ?? text;
}

function readTuple(inside: string): readonly number[] | undefined {
  const numbers = inside
    .replace(/,\s*$/, '')
    .split(',')
    .map((text) => readNumber(text.trim()));
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
}

/** The text that `readChoices` reads these values from. */
export function formatChoices(values: readonly KnobValue[]): string {
  return values.map(formatItem).join(', ');
}

function formatItem(value: KnobValue): string {
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `(${value.map(formatNumber).join(', ')})`;
  const isPlain = /^[^\s,"'()](?:[^,"'()]*[^\s,"'()])?$/.test(value) && readItem(value) === value;
  return isPlain ? value : `"${value.replace(/["\\]/g, (mark) => `\\${mark}`)}"`;
}
