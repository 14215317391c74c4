/**
 * Turns a reply of Anthropic's Messages API into a ModelReply. Its `input_tokens` count neither the tokens read from a
 * cache nor those written to one.
 */
import { z } from 'zod';
import { tokensOf } from '../../../core/base/model-usage.ts';
import type { ModelReply, TokenUsage, ToolCall } from '../../../ports/model.ts';
import { classifyReply, type FinishReason, readCall } from '../classify-reply.ts';
import { faultInAnswer } from '../fault-in-answer.ts';

const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

const textSchema = z.looseObject({ type: z.literal('text'), text: z.string() });
const callSchema = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
  /** The text of a streamed call's input, when it is not JSON. */
  rawInput: z.string().optional(),
});
const otherSchema = z.looseObject({ type: z.string().refine((type) => type !== 'text' && type !== 'tool_use') });

const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z.object({ ephemeral_5m_input_tokens: count }).nullish(),
});

const replySchema = z.object({
  model: z.string(),
  stop_reason: z.string(),
  stop_details: z.object({ explanation: z.string().nullish(), category: z.string().nullish() }).nullish(),
  content: z.array(z.union([textSchema, callSchema, otherSchema])),
  usage: usageSchema.nullish(),
});

export function fromAnthropicReply(raw: unknown): ModelReply {
  const parsed = replySchema.safeParse(raw);
  if (!parsed.success) return faultInAnswer(raw);
  const { content, stop_reason: reason, stop_details: details, model, usage } = parsed.data;
  return classifyReply({
    text: content.map((block) => textSchema.safeParse(block).data?.text ?? '').join(''),
    calls: content.flatMap((block) => toCall(block)),
    usage: fromAnthropicUsage(usage),
    model,
    finishReason: finishReasonOf(reason),
    detail: details?.explanation ?? details?.category ?? undefined,
    native: content.filter((block) => !isBlank(block)).map(toRequestBlock),
  });
}

/** Undefined for counts of 0 alone, which gateways give that count nothing. */
export function fromAnthropicUsage(usage: z.input<typeof usageSchema> | null | undefined): TokenUsage | undefined {
  if (!usage) return undefined;
  const shortCacheWrite = usage.cache_creation?.ephemeral_5m_input_tokens ?? 0;
  const counted = {
    uncachedInput: usage.input_tokens ?? 0,
    cachedInput: usage.cache_read_input_tokens ?? 0,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
    ...(shortCacheWrite > 0 && { shortCacheWrite }),
    output: usage.output_tokens ?? 0,
  };
  return tokensOf(counted) === 0 ? undefined : counted;
}

function finishReasonOf(reason: string): FinishReason {
  switch (reason) {
    case 'max_tokens':
      return 'truncated';
    case 'refusal':
      return 'refused';
    case 'model_context_window_exceeded':
      return 'overflow';
    default:
      return 'done';
  }
}

function toCall(block: unknown): readonly ToolCall[] {
  const { data } = callSchema.safeParse(block);
  if (data === undefined) return [];
  const written = data.rawInput ?? (typeof data.input === 'string' ? data.input : JSON.stringify(data.input ?? {}));
  return [readCall(data.id, data.name, written)];
}

/** The API answers with empty text blocks and refuses them in a request. */
function isBlank(block: { readonly [key: string]: unknown }): boolean {
  return block.type === 'text' && typeof block.text === 'string' && block.text.trim() === '';
}

/** A block as the next request repeats it; a tool input that is not a JSON object is sent as `{}`. */
function toRequestBlock(block: { readonly [key: string]: unknown }): unknown {
  if (block.type !== 'tool_use') return block;
  const { rawInput, input, ...rest } = block;
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  return { ...rest, input: rawInput === undefined && isObject ? input : {} };
}
