/**
 * What a model's replies add up to, in tokens and in US dollars.
 *
 * A price that is not known is undefined and never 0: code that shows or limits money must say so.
 */
import { z } from 'zod';

/** Tokens of one reply. The three input figures are disjoint: their sum is what the model read. */
export interface TokenUsage {
  readonly uncachedInput: number;
  readonly cachedInput: number;
  /** Input written to a cache, which some providers bill higher. */
  readonly cacheWrite: number;
  /** The part of `cacheWrite` that is kept for minutes rather than for an hour, billed less. */
  readonly shortCacheWrite?: number;
  /** Reasoning included. */
  readonly output: number;
}

const usd = z.number().nonnegative();

/** US dollars for a million tokens. A price that is left out counts as the highest that a provider is known to ask. */
export const modelPriceSchema = z.strictObject({
  input: usd,
  output: usd,
  cachedInput: usd.optional(),
  cacheWrite: usd.optional(),
  shortCacheWrite: usd.optional(),
  /** Factors on all prices, for a request that reads more than `inputTokens`. */
  above: z.strictObject({ inputTokens: z.int().positive(), input: usd, output: usd }).optional(),
});
export type ModelPrice = z.infer<typeof modelPriceSchema>;

/** Prices that an owner gives, by `provider:model` or by the model's name alone. */
export const modelPricesSchema = z.record(z.string(), modelPriceSchema);
export type ModelPrices = z.infer<typeof modelPricesSchema>;

/** A cache write costs at most twice the input price with every provider that bills it. */
const maxCacheWriteFactor = 2;

export const noUsage: TokenUsage = { uncachedInput: 0, cachedInput: 0, cacheWrite: 0, output: 0 };

/** Two usages as one. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  const shortCacheWrite = (a.shortCacheWrite ?? 0) + (b.shortCacheWrite ?? 0);
  return {
    uncachedInput: a.uncachedInput + b.uncachedInput,
    cachedInput: a.cachedInput + b.cachedInput,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    ...(shortCacheWrite > 0 && { shortCacheWrite }),
    output: a.output + b.output,
  };
}

/** What the model read, from a cache or not. */
export function inputTokensOf(usage: TokenUsage): number {
  return usage.uncachedInput + usage.cachedInput + usage.cacheWrite;
}

/** Everything read and written. */
export function tokensOf(usage: TokenUsage): number {
  return inputTokensOf(usage) + usage.output;
}

/** What one reply costs in US dollars; `above` looks at this one request, so usages must not be added up first. */
export function costOf(usage: TokenUsage, price: ModelPrice): number {
  const tier = price.above !== undefined && inputTokensOf(usage) > price.above.inputTokens ? price.above : undefined;
  const hourWrite = price.cacheWrite ?? maxCacheWriteFactor * price.input;
  const shortTokens = usage.shortCacheWrite ?? 0;
  const input =
    usage.uncachedInput * price.input +
    usage.cachedInput * (price.cachedInput ?? price.input) +
    (usage.cacheWrite - shortTokens) * hourWrite +
    shortTokens * (price.shortCacheWrite ?? hourWrite);
  return (input * (tier?.input ?? 1) + usage.output * price.output * (tier?.output ?? 1)) / 1e6;
}

/**
 * What several requests cost together of which only the sum is known, as a coding agent tells it: without `above`, since
 * a sum above a tier says nothing of any request in it.
 */
export function costOfSum(usage: TokenUsage, { above: _, ...price }: ModelPrice): number {
  return costOf(usage, price);
}
