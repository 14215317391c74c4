import { expect, test } from 'vitest';
import { readDuration, writeDuration } from '../../../../src/core/journal/settings/parse-duration.ts';

test.each([
  [300, 300],
  [0.5, 0.5],
  ['300', 300],
  ['90s', 90],
  ['5m', 300],
  ['1.5h', 5400],
  ['1h30m', 5400],
  ['1h 30m 5s', 5405],
  [' 2m ', 120],
])('%j is %d seconds', (raw, value) => {
  expect(readDuration(raw)).toEqual({ kind: 'read', value });
});

test.each(['', ' ', 'm', '5x', '5M', '5 m', '1m1h', '-5m', '1e3', '0x10', 'NaN', Number.NaN, null, [5], true])(
  '%j is not a duration',
  (raw) => {
    expect(readDuration(raw)).toMatchObject({ kind: 'refused', expected: 'a duration such as 5m, 90s or 1h30m' });
  },
);

test.each([
  [0, 'a duration above zero'],
  [-1, 'a duration above zero'],
  ['0s', 'a duration above zero'],
  [Number.POSITIVE_INFINITY, 'a duration of at most 24 days'],
  ['600h', 'a duration of at most 24 days'],
])('%j must be %s', (raw, expected) => {
  expect(readDuration(raw)).toMatchObject({ kind: 'refused', expected });
});

test.each([
  [5, '5s'],
  [60, '1m'],
  [90, '90s'],
  [120, '2m'],
  [3600, '1h'],
  [5400, '90m'],
  [7200, '2h'],
  [0.5, '0.5s'],
])('%d seconds are written %s, and read as the same', (seconds, text) => {
  expect(writeDuration(seconds)).toBe(text);
  expect(readDuration(text)).toEqual({ kind: 'read', value: seconds });
});
