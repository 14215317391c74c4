/**
 * What a brief or a script's comment says about a knob: its range and when it has an effect, or that it is fixed.
 */
import { type ReadResult, read } from '../../base/read-result.ts';
import type { KnobType, Range } from '../knob.ts';
import { splitOutside } from '../split-outside.ts';
import { readConditions, type WrittenCondition } from './conditions.ts';
import { readRange, unreadable } from './parse-range.ts';

export type Declaration =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'range'; readonly range: Range; readonly when: readonly WrittenCondition[] };

/**
 * Reads `fixed`, `log 1e-4..1e-1` or `0..0.99 if OPTIMIZER == sgd`; the knob's type decides what the text leaves open.
 */
export function readDeclaration(raw: unknown, type?: KnobType): ReadResult<Declaration> {
  if (typeof raw !== 'string') {
    const reading = readRange(raw, type);
    return reading.kind === 'refused' ? reading : unreadable;
  }
  if (raw.trim() === 'fixed') return read({ kind: 'fixed' });
  const [text = '', condition] = splitOutside(raw.replace(/\s+/g, ' '), ' if ', 2);
  const range = readRange(text, type);
  if (range.kind === 'refused') return { ...range, found: range.found ?? (condition === undefined ? undefined : text) };
  if (condition === undefined) return read({ kind: 'range', range: range.value, when: [] });
  const when = readConditions(condition);
  return when.kind === 'refused' ? when : read({ kind: 'range', range: range.value, when: when.value });
}
