import { describe, expect, test } from 'vitest';
import { addUsage, costOf, costOfSum, noUsage, type TokenUsage, tokensOf } from '../../../src/core/base/model-usage.ts';

const usage: TokenUsage = { uncachedInput: 1000, cachedInput: 10_000, cacheWrite: 2000, output: 500 };
const price = { input: 2, cachedInput: 0.1, cacheWrite: 4, shortCacheWrite: 2.5, output: 10 };

describe('the cost of a reply', () => {
  test('each kind of token has its own price', () => {
    expect(costOf(usage, price)).toBeCloseTo((2000 + 1000 + 8000 + 5000) / 1e6, 12);
  });

  test('a short-lived cache is written at its own price', () => {
    expect(costOf({ ...usage, shortCacheWrite: 500 }, price)).toBeCloseTo((2000 + 1000 + 6000 + 1250 + 5000) / 1e6, 12);
  });

  test('a price that says only input and output takes the dearest for the rest', () => {
    expect(costOf(usage, { input: 2, output: 10 })).toBeCloseTo((2000 + 20_000 + 8000 + 5000) / 1e6, 12);
  });

  test('a long request costs its tier, and one at the limit does not', () => {
    const tiered = { input: 1, cachedInput: 1, output: 10, above: { inputTokens: 272_000, input: 2, output: 1.5 } };
    const long = { uncachedInput: 272_000, cachedInput: 0, cacheWrite: 0, output: 1000 };
    expect(costOf(long, tiered)).toBeCloseTo(0.272 + 0.01, 12);
    expect(costOf({ ...long, cachedInput: 1 }, tiered)).toBeCloseTo(2 * 0.272001 + 0.015, 12);
  });

  test('a sum of requests costs no tier, whatever it adds up to', () => {
    const tiered = { input: 1, cachedInput: 1, output: 10, above: { inputTokens: 272_000, input: 2, output: 1.5 } };
    const short = { uncachedInput: 200_000, cachedInput: 0, cacheWrite: 0, output: 1000 };
    expect(costOfSum(addUsage(short, short), tiered)).toBeCloseTo(2 * costOf(short, tiered), 12);
    expect(costOfSum(usage, price)).toBe(costOf(usage, price));
  });

  test('nothing costs nothing', () => {
    expect(costOf(noUsage, price)).toBe(0);
  });
});

test('usages add up kind by kind', () => {
  expect(addUsage(usage, { ...usage, shortCacheWrite: 7 })).toEqual({
    uncachedInput: 2000,
    cachedInput: 20_000,
    cacheWrite: 4000,
    shortCacheWrite: 7,
    output: 1000,
  });
  expect(tokensOf(usage)).toBe(13_500);
});
