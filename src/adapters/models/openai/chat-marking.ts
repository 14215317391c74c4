/**
 * How the cache behind a chat server is told of prefixes.
 */

import type { ModelRequest } from '../../../ports/model.ts';
import { type CacheMarks, cacheControl, claudeMarks, type Lifetime } from '../cache-marks.ts';
import type { WireOptions } from '../wire-options.ts';
import { breakpoint, createBreakpointChooser, hasBreakpoints } from './breakpoints.ts';

export interface ChatMarking {
  readonly choose: (request: ModelRequest) => CacheMarks;
  /** The field of a content part. */
  readonly field: (lifetime: Lifetime) => object;
}

/**
 * How this model's requests are marked; undefined for a server that finds prefixes by itself or might refuse the field.
 * OpenRouter hands the marks to Anthropic and OpenAI (openrouter.ai/docs/guides/best-practices/prompt-caching).
 */
export function chatMarking({ name, model, isDefaultHost }: WireOptions): ChatMarking | undefined {
  const openAI = () => ({ choose: createBreakpointChooser(), field: () => breakpoint });
  if (isDefaultHost) return hasBreakpoints(model) ? openAI() : undefined;
  if (!name.startsWith('openrouter:')) return undefined;
  if (/^~?anthropic\//.test(model)) return { choose: claudeMarks, field: cacheControl };
  return /^~?openai\//.test(model) && hasBreakpoints(model.replace(/^~?openai\//, '')) ? openAI() : undefined;
}
