/**
 * Turns a Chat Completions reply into a ModelReply.
 */
import { z } from 'zod';
import type { ModelReply } from '../../../ports/model.ts';
import { classifyReply, type FinishReason, readCall } from '../classify-reply.ts';
import { readBodyFailure } from '../failure.ts';
import { faultInAnswer } from '../fault-in-answer.ts';
import { classifyFailure } from '../faults.ts';
import { newCallId } from '../tidy-calls.ts';
import { type NativeChat, readThoughts } from './chat-request.ts';
import { textOfContent } from './chat-stream.ts';
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
          content: z.union([z.string(), z.array(z.unknown())]).nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(callSchema).nullish(),
        }),
        error: z.unknown().optional(),
      }),
    )
    .min(1),
  error: z.unknown().optional(),
  usage: z.unknown().optional(),
  /** Where groq put it for a time. */
  x_groq: z.object({ usage: z.unknown().optional() }).nullish().catch(undefined),
});

export function fromChatReply(raw: unknown): ModelReply {
  const parsed = replySchema.safeParse(raw);
  const choice = parsed.data?.choices[0];
  const error = choice?.error || parsed.data?.error;
  if (error) return classifyFailure(readBodyFailure(error));
  if (!parsed.success || choice === undefined) return faultInAnswer(raw);
  const { message, finish_reason: reason } = choice;
  const calls = withIds(message.tool_calls ?? []);
  const usage = parsed.data.usage ?? parsed.data.x_groq?.usage;
  return classifyReply({
    text: textOfContent(message.content),
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

/** An id of its own for each call: some servers give none, or the same one to all. */
function withIds(calls: readonly Call[]): readonly { readonly call: Call; readonly id: string }[] {
  const taken = new Set<string>();
  return calls.map((call) => {
    const id = call.id && !taken.has(call.id) ? call.id : newCallId();
    taken.add(id);
    return { call, id };
  });
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
  const extras = readThoughts(message);
  return {
    ...(Object.keys(extras).length > 0 && { extras }),
    callExtras: Object.fromEntries(callExtras.filter(([, extras]) => Object.keys(extras as object).length > 0)),
  };
}
