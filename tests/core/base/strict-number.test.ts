import { expect, it } from 'vitest';
import { parseStrictNumber } from '../../../src/core/base/strict-number.ts';

it.each([
  ['2.9261', 2.9261, 0.0001],
  ['  2.5 ', 2.5, 0.1],
  ['3', 3, 1],
  ['+3.', 3, 1],
  ['.50', 0.5, 0.01],
  ['-1.5e-3', -0.0015, 0.0001],
  ['1E5', 100_000, 100_000],
  ['1e99', 1e99, 1e99],
  ['9007199254740993', 9007199254740992, 1],
])('%j is a number', (text, value, resolution) => {
  const number = parseStrictNumber(text);
  expect(number?.value).toBe(value);
  expect(number?.resolution).toBeCloseTo(resolution, 12);
});

it.each([
  '',
  ' ',
  '.',
  '-',
  'e5',
  '1e',
  'nan',
  'NaN',
  'inf',
  '-Infinity',
  '0,99',
  '0.99.9',
  '1e400',
  '1e-400',
  '1e100',
  '0x10',
  '1_000',
  '1 2',
  '2.1 bits',
  '٣',
  '１',
  '--1',
  '1e5.5',
  'true',
])('%j is not a number', (text) => {
  expect(parseStrictNumber(text)).toBeUndefined();
});

it('minus zero is zero, so that equal scores look equal', () => {
  expect(parseStrictNumber('-0.00')?.value).toBe(0);
  expect(Object.is(parseStrictNumber('-0.00')?.value, -0)).toBe(false);
});
