import { expect, it } from 'vitest';
import { spendingText } from '../../../src/core/views/spending.ts';

it.each([
  [{ tokens: 0, usd: 0, unpricedCalls: 0, unmeteredCalls: 0 }, undefined],
  [{ tokens: 1234, usd: 0.02549, unpricedCalls: 0, unmeteredCalls: 0 }, '1234 tokens, 0.0255 USD'],
  [{ tokens: 1234, usd: 0, unpricedCalls: 0, unmeteredCalls: 0 }, '1234 tokens, 0.0000 USD'],
  [{ tokens: 1234, usd: 0, unpricedCalls: 2, unmeteredCalls: 0 }, '1234 tokens, price unknown'],
  [{ tokens: 1234, usd: 0.5, unpricedCalls: 1, unmeteredCalls: 0 }, '1234 tokens, at least 0.5000 USD'],
  [{ tokens: 0, usd: 0, unpricedCalls: 1, unmeteredCalls: 1 }, 'tokens unknown, price unknown'],
  [{ tokens: 12, usd: 0.5, unpricedCalls: 1, unmeteredCalls: 1 }, 'at least 12 tokens, at least 0.5000 USD'],
  [
    { tokens: 12, usd: 0.5, unpricedCalls: 0, unmeteredCalls: 0, estimatedCalls: 1 },
    '~12 tokens, ~0.5000 USD (1 call estimated)',
  ],
  [
    { tokens: 12, usd: 0, unpricedCalls: 3, unmeteredCalls: 0, estimatedCalls: 3 },
    '~12 tokens, price unknown (3 calls estimated)',
  ],
])('%j reads %s', (spending, text) => {
  expect(spendingText(spending)).toBe(text);
});
