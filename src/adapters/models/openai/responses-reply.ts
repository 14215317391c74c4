/**
 * Turns a reply of OpenAI's Responses API into a ModelReply.
 */
import { z } from 'zod';
import type { ModelReply } from '../../../ports/model.ts';
import { classifyReply, type FinishReason, notUnderstood, readCall } from '../classify-reply.ts';
import { readBodyFailure } from '../failure.ts';
import { faultInAnswer } from '../fault-in-answer.ts';
import { classifyFailure } from '../faults.ts';
import { fromOpenAIUsage } from './usage.ts';

const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

const partSchema = z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() });
const itemSchema = z.union([
  z.looseObject({ type: z.literal('message'), content: z.array(partSchema) }),
  z.looseObject({ type: z.literal('function_call'), call_id: z.string(), name: z.string(), arguments: z.string() }),
  // Reasoning, and kinds of items that OpenAI adds later: never read, only sent back.
  z.looseObject({ type: z.string().refine((type) => type !== 'message' && type !== 'function_call') }),
]);

const replySchema = z.object({
  status: z.string().nullish(),
  error: z.unknown().optional(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  model: z.string(),
  output: z.array(itemSchema),
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).nullish(),
    })
    .nullish(),
});
type Reply = z.infer<typeof replySchema>;

export function fromResponsesReply(raw: unknown): ModelReply {
  const parsed = replySchema.safeParse(raw);
  if (!parsed.success) return faultInAnswer(raw);
  const reply = parsed.data;
  if (reply.status === 'failed' || reply.status === 'cancelled') return classifyFailure(readBodyFailure(reply.error));
  if (reply.status !== undefined && reply.status !== null && !isFinal(reply.status)) return notUnderstood(raw);
  const parts = reply.output.flatMap((item) => (isMessage(item) ? item.content : []));
  const refusal = parts.find((part) => part.type === 'refusal')?.refusal;
  return classifyReply({
    text: parts.map((part) => (part.type === 'output_text' ? (part.text ?? '') : '')).join(''),
    calls: reply.output.filter(isCall).map((item) => readCall(item.call_id, item.name, item.arguments)),
    usage: fromOpenAIUsage({
      input: reply.usage?.input_tokens ?? 0,
      cached: reply.usage?.input_tokens_details?.cached_tokens ?? 0,
      written: reply.usage?.input_tokens_details?.cache_write_tokens ?? 0,
      output: reply.usage?.output_tokens ?? 0,
    }),
    model: reply.model,
    finishReason: refusal === undefined ? finishReasonOf(reply) : 'refused',
    detail: refusal ?? reply.incomplete_details?.reason ?? undefined,
    native: reply.output,
  });
}

function finishReasonOf({ status, incomplete_details: details }: Reply): FinishReason {
  if (status !== 'incomplete') return 'done';
  return details?.reason === 'content_filter' ? 'refused' : 'truncated';
}

const isFinal = (status: string) => status === 'completed' || status === 'incomplete';

type Item = z.infer<typeof itemSchema>;
type MessageItem = Extract<Item, { content: unknown }> & { readonly content: readonly z.infer<typeof partSchema>[] };
type CallItem = Item & { readonly call_id: string; readonly name: string; readonly arguments: string };

function isMessage(item: Item): item is MessageItem {
  return item.type === 'message';
}

function isCall(item: Item): item is CallItem {
  return item.type === 'function_call';
}
