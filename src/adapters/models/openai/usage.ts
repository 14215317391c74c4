/**
 * Turns token counts in OpenAI's form into ours: the input count includes the tokens read from a cache and those
 * written to one. Servers that speak the same protocol put some figures elsewhere; each place is read here.
 */
import { z } from 'zod';
import type { TokenUsage } from '../../../ports/model.ts';

export interface OpenAICounts {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
}

/** Undefined for counts of 0 alone, which servers give that count nothing. */
export function fromOpenAIUsage({ input, cached, written, output }: OpenAICounts): TokenUsage | undefined {
  if (input === 0 && output === 0) return undefined;
  const cachedInput = Math.min(cached, input);
  const cacheWrite = Math.min(written, input - cachedInput);
  return { uncachedInput: input - cachedInput - cacheWrite, cachedInput, cacheWrite, output };
}

const count = z
  .number()
  .nonnegative()
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? 0);

const chatUsageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).nullish().catch(undefined),
  /** DeepSeek's name for the cached part of the prompt. */
  prompt_cache_hit_tokens: count,
  /** Kimi's. */
  cached_tokens: count,
});

/** The `usage` object of a chat reply or chunk; undefined when there is none, or none that says anything. */
export function readChatUsage(raw: unknown): TokenUsage | undefined {
  const { data } = chatUsageSchema.safeParse(raw);
  if (data === undefined) return undefined;
  const { prompt_tokens: input, completion_tokens: output, total_tokens: total, prompt_tokens_details: details } = data;
  return fromOpenAIUsage({
    input,
    cached: Math.max(details?.cached_tokens ?? 0, data.prompt_cache_hit_tokens, data.cached_tokens),
    written: details?.cache_write_tokens ?? 0,
    // xAI and Gemini count reasoning in the total alone.
    output: Math.max(output, total - input),
  });
}

const costSchema = z.object({
  cost: z.number().nonnegative(),
  is_byok: z.boolean().nullish().catch(undefined),
  cost_details: z.object({ upstream_inference_cost: count }).nullish().catch(undefined),
});

/**
 * What OpenRouter charged, in US dollars: it says so in every `usage`
 * (https://openrouter.ai/docs/use-cases/usage-accounting, read 2026-11). With a key of the owner's own at the provider,
 * the provider charges its part beside that.
 */
export function readChatCost(raw: unknown): number | undefined {
  const { data } = costSchema.safeParse(raw);
  if (data === undefined) return undefined;
  return data.cost + (data.is_byok ? (data.cost_details?.upstream_inference_cost ?? 0) : 0);
}
