/**
 * The tokens and US dollars of model calls, in words.
 */
import { formatUsd } from '../base/format.ts';
import type { Spent } from '../journal/history.ts';

type Spending = Pick<Spent, 'tokens' | 'usd' | 'unpricedCalls' | 'unmeteredCalls'>;

/** Such as `12800 tokens, 0.0255 USD`; undefined before the first call. */
export function spendingText(spending: Spending): string | undefined {
  if (spending.tokens === 0 && spending.unpricedCalls === 0) return undefined;
  return `${tokensText(spending)}, ${usdText(spending)}`;
}

function tokensText({ tokens, unmeteredCalls }: Spending): string {
  if (unmeteredCalls === 0) return `${tokens} tokens`;
  return tokens === 0 ? 'tokens unknown' : `at least ${tokens} tokens`;
}

function usdText({ usd, unpricedCalls }: Spending): string {
  if (unpricedCalls === 0) return `${formatUsd(usd)} USD`;
  return usd === 0 ? 'price unknown' : `at least ${formatUsd(usd)} USD`;
}
