/**
 * The tokens and US dollars of model calls, in words.
 */
import { countText, formatUsd } from '../base/format.ts';
import type { Spent } from '../journal/history.ts';

type Spending = Pick<Spent, 'tokens' | 'usd' | 'unpricedCalls' | 'unmeteredCalls' | 'estimatedCalls'>;

/**
 * Such as `12800 tokens, 0.0255 USD`; undefined before the first call. `~` stands before figures with an estimated part.
 */
export function spendingText(spending: Spending): string | undefined {
  if (spending.tokens === 0 && spending.unpricedCalls === 0) return undefined;
  const { estimatedCalls = 0 } = spending;
  const estimated = estimatedCalls === 0 ? '' : ` (${countText(estimatedCalls, 'call')} estimated)`;
  return `${tokensText(spending)}, ${usdText(spending)}${estimated}`;
}

function tokensText({ tokens, unmeteredCalls, estimatedCalls = 0 }: Spending): string {
  const text = `${estimatedCalls === 0 ? '' : '~'}${tokens} tokens`;
  if (unmeteredCalls === 0) return text;
  return tokens === 0 ? 'tokens unknown' : `at least ${text}`;
}

function usdText({ usd, unpricedCalls, estimatedCalls = 0 }: Spending): string {
  const text = `${estimatedCalls === 0 || usd === 0 ? '' : '~'}${formatUsd(usd)} USD`;
  if (unpricedCalls === 0) return text;
  return usd === 0 ? 'price unknown' : `at least ${text}`;
}
