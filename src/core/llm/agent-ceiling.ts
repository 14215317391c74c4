/**
 * Whether a coding agent may be asked once more under the owner's ceilings on money and tokens.
 *
 * What one call will use is known only afterwards, so a call counts in advance as the dearest experiment so far, and one
 * whose figures were never learned counts as that too. With nothing to go by, a ceiling cannot be kept, and it says so.
 */
import type { History } from '../journal/history.ts';

/** What is left before the next call, where there is a ceiling; or the ceiling that it could cross. */
export type AgentAllowance =
  | { readonly kind: 'allowed'; readonly usdLeft: number | undefined }
  | { readonly kind: 'crossed'; readonly reason: 'usd' | 'tokens'; readonly detail: string };

/** What the next call of an agent may use, by the ceilings of this session. */
export function agentAllowance({ session, spent, spentOn }: History): AgentAllowance {
  const each = [...spentOn.values()];
  const usd = ledgerOf(
    spent.usd,
    spent.unpricedCalls,
    each.map((one) => one.usd),
  );
  const tokens = ledgerOf(
    spent.tokens,
    spent.unmeteredCalls,
    each.map((one) => one.tokens),
  );
  const crossed =
    crossing('usd', session.stop.usd, usd, (value) => `${value.toFixed(4)} USD`) ??
    crossing('tokens', session.stop.tokens, tokens, (value) => `${value} tokens`);
  if (crossed) return crossed;
  const { stop } = session;
  return { kind: 'allowed', usdLeft: stop.usd === undefined ? undefined : stop.usd - usd.used };
}

interface Used {
  readonly used: number;
  readonly dearest: number;
  readonly unknownCalls: number;
}

function ledgerOf(known: number, unknownCalls: number, each: readonly number[]): Used {
  const dearest = each.reduce((most, one) => Math.max(most, one), 0);
  return { used: known + unknownCalls * dearest, dearest, unknownCalls };
}

function crossing(
  reason: 'usd' | 'tokens',
  ceiling: number | undefined,
  { used, dearest, unknownCalls }: Used,
  words: (value: number) => string,
): AgentAllowance | undefined {
  if (ceiling === undefined) return undefined;
  if (unknownCalls > 0 && dearest === 0) {
    const hint = reason === 'usd' ? ', or say its price under `prices:`' : '';
    return {
      kind: 'crossed',
      reason,
      detail: `the agent does not say what it uses, so the ceiling of ${words(ceiling)} cannot be kept; take the ceiling out to go on${hint}`,
    };
  }
  if (used + dearest <= ceiling) return undefined;
  return {
    kind: 'crossed',
    reason,
    detail: `the next call could cross the ceiling of ${words(ceiling)}: ${words(used)} are used, and one experiment took up to ${words(dearest)}`,
  };
}
