/**
 * What model calls used, in words.
 */
import type { Spent } from '../journal/history.ts';

type Spending = Pick<Spent, 'tokens' | 'usd' | 'unpricedCalls'>;

/** Such as `12800 tokens, 0.0255 USD`; undefined before the first call. */
export function spendingText(spending: Spending): string | undefined {
  if (spending.tokens === 0 && spending.unpricedCalls === 0) return undefined;
  return `${spending.tokens} tokens, ${usdText(spending)}`;
}

function usdText({ usd, unpricedCalls }: Spending): string {
  if (unpricedCalls === 0) return `${usd.toFixed(4)} USD`;
  return usd === 0 ? 'price unknown' : `at least ${usd.toFixed(4)} USD`;
}
