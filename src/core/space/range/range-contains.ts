/**
 * Whether a range contains a value, and whether it fits the type of a knob.
 */
import { type ItemRange, type Knob, type KnobValue, type Range, sameValue } from '../knob.ts';
import { isPowerOfTwo } from '../number-text.ts';
import { itemTypes } from './tuple-text.ts';

/** Whether a knob with this range may have this value. */
export function rangeContains(range: Range, value: KnobValue): boolean {
  if (range.kind === 'choice') return range.values.some((choice) => sameValue(choice, value));
  if (range.kind === 'tuple') {
    if (typeof value !== 'object' || value.length !== range.items.length) return false;
    return range.items.every((item, index) => rangeContains(item, value[index] ?? Number.NaN));
  }
  if (typeof value !== 'number') return false;
  const isWithin = range.low <= value && value <= range.high;
  switch (range.kind) {
    case 'power-of-two':
      return isWithin && isPowerOfTwo(value);
    case 'int':
      return (isWithin && Number.isInteger(value)) || (range.zero && value === 0);
    case 'float':
      return isWithin || (range.zero && value === 0);
    default:
      return range satisfies never;
  }
}

/** Whether every value of the range may replace the knob's value in the source, by its type and length. */
export function rangeSuits(range: Range, knob: Knob): boolean {
  if (range.kind === 'choice') return range.values.every((value) => valueSuits(value, knob));
  if (range.kind === 'tuple') {
    const types = itemTypes(knob);
    const sameLength = knob.type === 'tuple' && types.length === range.items.length;
    return sameLength && range.items.every((item, index) => types[index] === 'float' || isWhole(item));
  }
  return knob.type === 'float' || (knob.type === 'int' && range.kind !== 'float');
}

function isWhole(item: ItemRange): boolean {
  return item.kind === 'choice' ? item.values.every(Number.isSafeInteger) : item.kind !== 'float';
}

function valueSuits(value: KnobValue, knob: Knob): boolean {
  switch (knob.type) {
    case 'int':
      return Number.isSafeInteger(value);
    case 'float':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
    case 'tuple':
      return typeof value === 'object' && value.length === itemTypes(knob).length;
    default:
      return knob.type satisfies never;
  }
}
