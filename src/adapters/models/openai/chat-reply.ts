/**
 * Turns a Chat Completions reply into a ModelReply.
 */
import { z } from 'zod';
import type { ModelReply } from '../../../ports/model.ts';
import { classifyReply, type FinishReason, notUnderstood, readCall } from '../classify-reply.ts';
import { readBodyFailure } from '../failure.ts';
import { classifyFailure } from '../faults.ts';
import type { NativeChat } from './chat-request.ts';
import { readChatCost, readChatUsage } from './usage.ts';

const callSchema = z.looseObject({
  id: z.string().nullish(),
  type: z.string().nullish(),
  /** Some servers give an object where the API says a string. */
  function: z.object({
    name: z.string(),
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  }),
});
type Call = z.infer<typeof callSchema>;

const replySchema = z.object({
  model: z.string().default(''),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.looseObject({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(callSchema).nullish(),
        }),
        error: z.unknown().optional(),
      }),
    )
    .min(1),
  usage: z.unknown().optional(),
  /** Where groq put it for a time. */
  x_groq: z.object({ usage: z.unknown().optional() }).nullish().catch(undefined),
});

const errorSchema = z.union([
  z.looseObject({ error: z.union([z.looseObject({}), z.string()]) }),
  z.looseObject({ choices: z.array(z.looseObject({ error: z.looseObject({}) })).min(1) }).transform(({ choices }) => ({
    error: choices[0]?.error,
  })),
]);

export function fromChatReply(raw: unknown): ModelReply {
  const failed = errorSchema.safeParse(raw);
  if (failed.success) return classifyFailure(readBodyFailure(failed.data.error));
  const parsed = replySchema.safeParse(raw);
  const choice = parsed.data?.choices[0];
  if (!parsed.success || choice === undefined) return notUnderstood(raw);
  const { message, finish_reason: reason } = choice;
  const calls = (message.tool_calls ?? []).map((call, index) => ({ call, id: call.id || `call_${index + 1}` }));
  const usage = parsed.data.usage ?? parsed.data.x_groq?.usage;
  return classifyReply({
    text: message.content ?? '',
    calls: calls.map(({ call, id }) => readCall(id, call.function.name, argumentsOf(call))),
    usage: readChatUsage(usage),
    usd: readChatCost(usage),
    model: parsed.data.model,
    finishReason: message.refusal ? 'refused' : finishReasonOf(reason),
    detail: message.refusal ?? undefined,
    native: nativeOf(message, calls),
  });
}

function finishReasonOf(reason: string | null | undefined): FinishReason {
  if (reason === 'length') return 'truncated';
  return reason === 'content_filter' ? 'refused' : 'done';
}

function argumentsOf({ function: { arguments: written } }: Call): string {
  return typeof written === 'string' ? written : written ? JSON.stringify(written) : '';
}

function nativeOf(
  message: Readonly<Record<string, unknown>>,
  calls: readonly { readonly call: Call; readonly id: string }[],
): NativeChat {
  const callExtras = calls.map(({ call: { id: _id, type, function: _function, index, ...extras }, id }) => [
    id,
    extras,
  ]);
  return {
    ...('reasoning_details' in message && { extras: { reasoning_details: message.reasoning_details } }),
    callExtras: Object.fromEntries(callExtras.filter(([, extras]) => Object.keys(extras as object).length > 0)),
  };
}
