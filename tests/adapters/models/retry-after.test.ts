import { expect, test } from 'vitest';
import { readRetryAfter } from '../../../src/adapters/models/retry-after.ts';

const now = Date.parse('2026-11-23T00:00:00Z');
const read = (value: string, name = 'retry-after') =>
  readRetryAfter((asked) => (asked === name ? value : undefined), now);

test.each([
  ['3', 3],
  ['0', 0],
  [' 1.5 ', 1.5],
  ['Mon, 23 Nov 2026 00:02:00 GMT', 120],
  ['Sun, 22 Nov 2026 00:00:00 GMT', 0],
  ['2592001', 2_592_000],
  ['99999999999999999999', 2_592_000],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['0x10', undefined],
  ['1e9', undefined],
])('retry-after %j is %s seconds', (value, seconds) => {
  expect(read(value)).toBe(seconds);
});

test('milliseconds are understood', () => {
  expect(read('250', 'retry-after-ms')).toBe(0.25);
});
