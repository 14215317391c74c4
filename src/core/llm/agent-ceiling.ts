/**
 * Whether a coding agent may be asked once more under the owner's ceilings on money and tokens.
 *
 * What a call uses is known only after it, so the next call counts as the most expensive experiment so far, and so does
 * a past call whose figures are unknown. When every call's figures are unknown, a ceiling cannot be kept: no further
 * call is allowed, and the detail says why.
 */
import { formatUsd } from '../base/format.ts';
import type { History } from '../journal/history.ts';

/**
 * The money that is left before the next call, undefined without a ceiling on it; or the ceiling that it could cross.
 */
export type AgentAllowance =
  | { readonly kind: 'allowed'; readonly usdLeft: number | undefined }
  | { readonly kind: 'crossed'; readonly reason: 'usd' | 'tokens'; readonly detail: string };

/** Whether an agent may be called once more under the ceilings of this session, and what it may spend. */
export function agentAllowance({ session, spent, spentOn }: History): AgentAllowance {
  const each = [...spentOn.values()];
  const usd = usedOf(
    spent.usd,
    spent.unpricedCalls,
    each.map((one) => one.usd),
  );
  const tokens = usedOf(
    spent.tokens,
    spent.unmeteredCalls,
    each.map((one) => one.tokens),
  );
  const crossed =
    crossing('usd', session.stop.usd, usd, (value) => `${formatUsd(value)} USD`) ??
    crossing('tokens', session.stop.tokens, tokens, (value) => `${value} tokens`);
  if (crossed) return crossed;
  const { stop } = session;
  return { kind: 'allowed', usdLeft: stop.usd === undefined ? undefined : stop.usd - usd.used };
}

interface Used {
  readonly used: number;
  readonly maxPerExperiment: number;
  readonly unknownCalls: number;
}

function usedOf(known: number, unknownCalls: number, each: readonly number[]): Used {
  const maxPerExperiment = each.reduce((most, one) => Math.max(most, one), 0);
  return { used: known + unknownCalls * maxPerExperiment, maxPerExperiment, unknownCalls };
}

function crossing(
  reason: 'usd' | 'tokens',
  ceiling: number | undefined,
  { used, maxPerExperiment, unknownCalls }: Used,
  words: (value: number) => string,
): AgentAllowance | undefined {
  if (ceiling === undefined) return undefined;
  if (unknownCalls > 0 && maxPerExperiment === 0) {
    const hint = reason === 'usd' ? ', or say its price under `prices:`' : '';
    return {
      kind: 'crossed',
      reason,
      detail: `the agent does not say what it uses, so the ceiling of ${words(ceiling)} cannot be kept; take the ceiling out to go on${hint}`,
    };
  }
  if (used + maxPerExperiment <= ceiling) return undefined;
  return {
    kind: 'crossed',
    reason,
    detail: `the next call could cross the ceiling of ${words(ceiling)}: ${words(used)} are used, and one experiment took up to ${words(maxPerExperiment)}`,
  };
}
