/**
 * OpenAI's token counts as ours: its input figure includes what came from a cache and what went into one.
 */
import type { TokenUsage } from '../../../ports/model.ts';

export interface OpenAICounts {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
}

export function fromOpenAIUsage({ input, cached, written, output }: OpenAICounts): TokenUsage {
  const cachedInput = Math.min(cached, input);
  const cacheWrite = Math.min(written, input - cachedInput);
  return { uncachedInput: input - cachedInput - cacheWrite, cachedInput, cacheWrite, output };
}
