/**
 * Joins the chunks of a streamed Chat Completions reply into one reply.
 *
 * The SDK's own helper refuses chunks without fields that many servers leave out; this one accepts them. A stream that
 * ends without a `finish_reason` was cut off, and throws.
 */

interface Delta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly CallDelta[] | null;
  readonly [extra: string]: unknown;
}

interface CallDelta {
  readonly index?: number;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null };
  readonly [extra: string]: unknown;
}

export interface ChatChunk {
  readonly model?: string;
  readonly usage?: unknown;
  readonly x_groq?: { readonly usage?: unknown } | null;
  readonly error?: unknown;
  readonly choices?: readonly {
    readonly usage?: unknown;
    readonly delta?: Delta;
    readonly finish_reason?: string | null;
    readonly error?: unknown;
  }[];
}

interface Call {
  id: string;
  function: { name: string; arguments: string };
  [extra: string]: unknown;
}

/** One reply, as it would have come without streaming. */
export async function joinChatChunks(chunks: AsyncIterable<ChatChunk>): Promise<unknown> {
  const message = { content: '', refusal: '', reasoning_details: [] as unknown[] };
  const calls: Call[] = [];
  const found: { model?: string; usage?: unknown; reason?: string } = {};
  for await (const chunk of chunks) {
    const [choice] = chunk.choices ?? [];
    const error = chunk.error ?? choice?.error;
    if (error !== undefined && error !== null) return { error };
    found.model = chunk.model ?? found.model ?? '';
    found.usage = usageOf(chunk) ?? found.usage;
    if (choice?.finish_reason) found.reason = choice.finish_reason;
    message.content += choice?.delta?.content ?? '';
    message.refusal += choice?.delta?.refusal ?? '';
    const details = choice?.delta?.reasoning_details;
    if (Array.isArray(details)) message.reasoning_details.push(...details);
    for (const delta of choice?.delta?.tool_calls ?? []) addCall(calls, delta);
  }
  if (found.reason === undefined) throw new Error('terminated');
  const { reasoning_details: thoughts, ...said } = message;
  return {
    model: found.model,
    usage: found.usage,
    choices: [
      {
        finish_reason: found.reason,
        message: {
          ...said,
          tool_calls: calls.filter(Boolean),
          ...(thoughts.length > 0 && { reasoning_details: thoughts }),
        },
      },
    ],
  };
}

/** The raw usage of a chunk: OpenAI's place, the one where groq put it, and Kimi's. */
export function usageOf({ usage, x_groq: groq, choices }: ChatChunk): unknown {
  return usage ?? groq?.usage ?? choices?.[0]?.usage ?? undefined;
}

/** A chunk without an index starts a new call when it has a function's name, and continues the last call otherwise. */
function addCall(calls: Call[], { index, id, function: part, type: _type, ...extras }: CallDelta): void {
  const at = index ?? (part?.name ? calls.length : Math.max(0, calls.length - 1));
  const call = calls[at] ?? { id: '', function: { name: '', arguments: '' } };
  calls[at] = {
    ...call,
    ...extras,
    id: call.id || (id ?? ''),
    function: {
      name: call.function.name || (part?.name ?? ''),
      arguments: call.function.arguments + (part?.arguments ?? ''),
    },
  };
}
