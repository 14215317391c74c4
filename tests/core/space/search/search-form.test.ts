import { expect, test } from 'vitest';
import type { ItemRange, KnobValue } from '../../../../src/core/space/knob.ts';
import { readRange } from '../../../../src/core/space/range/parse-range.ts';
import type { AxisRange } from '../../../../src/core/space/search/own-scale.ts';
import { fromSearch, searchForm, toSearch } from '../../../../src/core/space/search/search-form.ts';

function range(text: string): ItemRange {
  const reading = readRange(text);
  if (reading.kind === 'refused' || reading.value.kind === 'tuple') throw new Error(text);
  return reading.value;
}

test.each([
  ['log 1e-4..1e-1', { kind: 'float', low: 1e-4, high: 1e-1, log: true }],
  ['float 0..0.9', { kind: 'float', low: 0, high: 0.9, log: false }],
  ['int 2..12', { kind: 'int', low: 2, high: 12, log: false }],
  ['int log 1..8', { kind: 'int', low: 1, high: 8, log: true }],
  ['int log 16..1024', { kind: 'float', low: 16, high: 1024, log: true }],
  ['pow2 16..1024', { kind: 'int', low: 4, high: 10, log: false }],
  ['bool', { kind: 'choice', count: 2 }],
  ['choice (0.9, 0.95), (0.9, 0.99)', { kind: 'choice', count: 2 }],
])('%s has its form', (text, form) => {
  expect(searchForm(range(text))).toEqual(form);
});

test.each<[string, KnobValue[]]>([
  ['log 1e-4..1e-1', [1e-4, 0.0123, 0.1]],
  ['int 2..12', [2, 7, 12]],
  ['int log 16..1024', [16, 100, 1024]],
  ['pow2 16..1024', [16, 128, 1024]],
  ['bool', [false, true]],
  ['choice cosine, linear', ['cosine', 'linear']],
  ['choice (0.9, 0.95), (0.9, 0.99)', [[0.9, 0.99]]],
  ['0 or log 1e-5..1e-2', [0, 1e-5, 0.00123, 0.01]],
  ['float 0..0.98', [0, 0.5, 0.9, 0.98]],
  ['float 0.9..0.9999', [0.9, 0.999, 0.9999]],
])('%s: a value survives the way there and back', (text, values) => {
  for (const value of values)
    expect(fromSearch(range(text), toSearch(range(text), value) ?? Number.NaN)).toEqual(value);
});

test('zero lies apart from the low bound, so that what is between them belongs to the nearer one', () => {
  const { low } = searchForm(range('0 or log 1e-4..1')) as { low: number };
  expect(fromSearch(range('0 or log 1e-4..1'), low)).toBe(0);
  expect(fromSearch(range('0 or log 1e-4..1'), low + 0.4)).toBe(0);
  expect(fromSearch(range('0 or log 1e-4..1'), Math.log(1e-4) - 0.1)).toBe(1e-4);
});

test('the zero of a limit lies beyond the high bound, where nothing is too large', () => {
  const limit = { ...range('0 or log 0.1..10'), isZeroUnlimited: true } as AxisRange;
  const { low, high } = searchForm(limit) as { low: number; high: number };
  expect(low).toBeCloseTo(Math.log(0.1), 9);
  expect(toSearch(limit, 0)).toBe(high);
  expect(fromSearch(limit, high - 0.1)).toBe(0);
  expect(fromSearch(limit, Math.log(10) + 0.1)).toBe(10);
  expect(fromSearch(limit, toSearch(limit, 1.5) ?? Number.NaN)).toBe(1.5);
});

test.each(['float 0..0.98', 'float 0.5..0.999'])('%s ends just below one: what it lacks of one counts', (text) => {
  const place = (value: number) => toSearch(range(text), value) ?? Number.NaN;
  expect(place(0.96) - place(0.92)).toBeCloseTo(place(0.8) - place(0.6), 9);
  expect(toSearch(range(text), 1)).toBeUndefined();
});

test.each(['float 0..0.9', 'float 0..1', 'float 0..1.2', 'log 0.5..0.99', 'float -0.5..0.95'])(
  '%s does not',
  (text) => {
    expect(searchForm(range(text))).toMatchObject({ high: (range(text) as { high: number }).high });
  },
);

test('a proposal has few digits and stays within the range', () => {
  expect(fromSearch(range('log 1e-4..1e-1'), 0.012345678)).toBe(0.0123);
  expect(fromSearch(range('log 1e-4..1e-1'), 0.2)).toBe(0.1);
  expect(fromSearch(range('int log 16..1024'), 100.6)).toBe(101);
});

test('a value that the range has no place for has none', () => {
  expect(toSearch(range('choice a, b'), 'c')).toBeUndefined();
  expect(toSearch(range('log 1e-4..1'), 0)).toBeUndefined();
  expect(toSearch(range('pow2 1..64'), 3)).toBeUndefined();
  expect(toSearch(range('float 0..1'), 'x')).toBeUndefined();
});

test('a fraction that a whole range was given from elsewhere stands at the nearest whole number', () => {
  expect(toSearch(range('int 2..12'), 2.4)).toBe(2);
  expect(toSearch(range('float 2..12'), 2.4)).toBe(2.4);
});
