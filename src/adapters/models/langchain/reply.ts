/**
 * Turns a LangChain message into a ModelReply. Its input count includes the tokens read from a cache and those written
 * to one.
 */
import { z } from 'zod';
import type { ModelReply } from '../../../ports/model.ts';
import { classifyReply, type FinishReason, notUnderstood, readCall } from '../classify-reply.ts';
import { fromOpenAIUsage } from '../openai/usage.ts';

const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const id = z.string().nullish();

const messageSchema = z.object({
  content: z.union([z.string(), z.array(z.union([z.string(), z.looseObject({ type: z.string() })]))]),
  tool_calls: z.array(z.object({ id, name: z.string(), args: z.record(z.string(), z.unknown()) })).nullish(),
  invalid_tool_calls: z.array(z.object({ id, name: z.string().nullish(), args: z.string().nullish() })).nullish(),
  usage_metadata: z
    .object({
      input_tokens: count,
      output_tokens: count,
      input_token_details: z.object({ cache_read: count, cache_creation: count }).nullish(),
    })
    .nullish(),
  response_metadata: z.record(z.string(), z.unknown()).nullish(),
});
type Message = z.infer<typeof messageSchema>;

export function fromLangChainMessage(raw: unknown): ModelReply {
  const parsed = messageSchema.safeParse(raw);
  if (!parsed.success) return notUnderstood(raw);
  const { usage_metadata: usage, response_metadata: metadata, ...message } = parsed.data;
  return classifyReply({
    text: textOf(message.content),
    calls: [
      ...(message.tool_calls ?? []).map((call, index) =>
        readCall(call.id || `call_${index + 1}`, call.name, JSON.stringify(call.args)),
      ),
      ...(message.invalid_tool_calls ?? []).map((call, index) => ({
        ...readCall(call.id || `invalid_${index + 1}`, call.name ?? '', call.args ?? ''),
        arguments: undefined,
      })),
    ],
    usage: fromOpenAIUsage({
      input: usage?.input_tokens ?? 0,
      cached: usage?.input_token_details?.cache_read ?? 0,
      written: usage?.input_token_details?.cache_creation ?? 0,
      output: usage?.output_tokens ?? 0,
    }),
    model: modelOf(metadata ?? {}),
    finishReason: finishReasonOf(metadata ?? {}),
    native: raw,
  });
}

function textOf(content: Message['content']): string {
  if (typeof content === 'string') return content;
  return content
    .map((block) => (typeof block === 'string' ? block : block.type === 'text' ? String(block.text) : ''))
    .join('');
}

/** Each package says why the model stopped under a key of its own. */
const finishReasonKeys = ['finish_reason', 'stop_reason', 'finishReason', 'stopReason', 'done_reason'];
const truncated = /^(length|max_tokens|max_output_tokens|token_limit|error_limit)$/i;
const refused = /content_?filter|refus|safety|recitation|prohibited|blocklist|guardrail|spii/i;

function finishReasonOf(metadata: Readonly<Record<string, unknown>>): FinishReason {
  const details = metadata.incomplete_details as { readonly reason?: unknown } | null | undefined;
  const reasons = [...finishReasonKeys.map((name) => metadata[name]), details?.reason].filter(
    (name) => typeof name === 'string',
  );
  if (reasons.some((reason) => reason === 'model_context_window_exceeded')) return 'overflow';
  if (reasons.some((reason) => refused.test(reason))) return 'refused';
  return reasons.some((reason) => truncated.test(reason)) ? 'truncated' : 'done';
}

function modelOf(metadata: Readonly<Record<string, unknown>>): string {
  const named = [metadata.model_name, metadata.model, metadata.modelVersion, metadata.model_id];
  return named.find((name) => typeof name === 'string') ?? '';
}
