/**
 * One count of the money and tokens of a study, shared by everything that spends under its ceilings: the model, its
 * fallback and a coding agent.
 */

/** US dollars and tokens. */
export interface Amount {
  readonly usd: number;
  readonly tokens: number;
}

export interface CounterOptions {
  /** The owner's ceilings, of the whole study; none where undefined. */
  readonly usd?: number | undefined;
  readonly tokens?: number | undefined;
  /** What earlier sessions of the study spent. */
  readonly spent?: (Amount & { readonly estimatedCalls?: number | undefined }) | undefined;
}

export interface SpendingCounter {
  /** As of now. */
  readonly ceilings: { readonly usd: number | undefined; readonly tokens: number | undefined };
  /** Sets the ceiling on money to this many US dollars. */
  readonly raise: (usd: number) => void;
  readonly total: () => Amount;
  /** What the ceilings leave, calls that are being made taken off; infinite where there is none. */
  readonly left: () => Amount;
  /** Takes the most that a call can use off what is left, until the returned function is called. */
  readonly reserve: (amount: Amount) => () => void;
  readonly add: (amount: Amount, isEstimated?: boolean) => void;
  /** Whether any part of the total is an estimate. */
  readonly isEstimated: () => boolean;
}

export function createSpendingCounter({ usd: firstUsd, tokens, spent }: CounterOptions = {}): SpendingCounter {
  let usd = firstUsd;
  let total: Amount = { usd: spent?.usd ?? 0, tokens: spent?.tokens ?? 0 };
  let isEstimated = (spent?.estimatedCalls ?? 0) > 0;
  const reserved = new Set<Amount>();
  const taken = (name: keyof Amount) => [...reserved].reduce((sum, amount) => sum + amount[name], total[name]);
  return {
    get ceilings() {
      return { usd, tokens };
    },
    raise: (to) => {
      usd = to;
    },
    total: () => total,
    left: () => ({
      usd: (usd ?? Number.POSITIVE_INFINITY) - taken('usd'),
      tokens: (tokens ?? Number.POSITIVE_INFINITY) - taken('tokens'),
    }),
    reserve: (amount) => {
      const own = { ...amount };
      reserved.add(own);
      return () => void reserved.delete(own);
    },
    add: (amount, isOneEstimated = false) => {
      isEstimated ||= isOneEstimated;
      total = { usd: total.usd + amount.usd, tokens: total.tokens + amount.tokens };
    },
    isEstimated: () => isEstimated,
  };
}
