/**
 * Turns OpenAI's token counts into ours: its input count includes the tokens read from a cache and those written to
 * one.
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
