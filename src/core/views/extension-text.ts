/**
 * Stop rules that the owner raised, in words.
 */
import { countText, formatHours, formatUsd } from '../base/format.ts';
import type { ExtensibleRules } from '../journal/settings/stop-rules.ts';

/** Such as `60 experiments, where it was 40`; of several rules with commas. */
export function extensionText({ from, to }: { readonly from: ExtensibleRules; readonly to: ExtensibleRules }): string {
  const before = rulesText(from);
  return before === '' ? rulesText(to) : `${rulesText(to)}, where it was ${before}`;
}

function rulesText({ experiments, hours, usd }: ExtensibleRules): string {
  return [
    experiments === undefined ? '' : countText(experiments, 'experiment'),
    hours === undefined ? '' : `${formatHours(hours)} hours`,
    usd === undefined ? '' : `${formatUsd(usd)} USD`,
  ]
    .filter(Boolean)
    .join(', ');
}
