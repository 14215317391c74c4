/**
 * Joins the chunks of a streamed Chat Completions reply into one reply.
 *
 * The SDK's own helper refuses chunks without fields that many servers leave out; this one accepts them. A stream that
 * ends with neither a `finish_reason` nor `[DONE]` was cut off, and throws.
 */
interface Delta {
  /** A list of parts from Mistral's models that think. */
  readonly content?: string | readonly unknown[] | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly CallDelta[] | null;
  readonly [extra: string]: unknown;
}

interface CallDelta {
  readonly index?: number;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown };
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
  index?: number | undefined;
  function: { name: string; arguments: string };
  [extra: string]: unknown;
}

/** One reply, as it would have come without streaming. */
export async function joinChatChunks(
  chunks: AsyncIterable<ChatChunk>,
  isDone: () => boolean = () => false,
): Promise<unknown> {
  const said = { content: '', refusal: '', reasoning_content: '', reasoning: '' };
  const details: unknown[] = [];
  const calls: Call[] = [];
  const found: { model?: string; usage?: unknown; reason?: string } = {};
  for await (const chunk of chunks) {
    const [choice] = chunk.choices ?? [];
    const error = chunk.error ?? choice?.error;
    if (error !== undefined && error !== null) return { error };
    found.model = chunk.model ?? found.model ?? '';
    found.usage = usageOf(chunk) ?? found.usage;
    if (choice?.finish_reason) found.reason = choice.finish_reason;
    addText(said, choice?.delta ?? {});
    const more = choice?.delta?.reasoning_details;
    if (Array.isArray(more)) details.push(...more);
    for (const delta of choice?.delta?.tool_calls ?? []) addCall(calls, delta);
  }
  if (found.reason === undefined && !isDone()) throw new Error('terminated');
  return {
    model: found.model,
    usage: found.usage,
    choices: [
      {
        finish_reason: found.reason ?? null,
        message: { ...said, tool_calls: calls, reasoning_details: details },
      },
    ],
  };
}

/** The raw usage of a chunk: OpenAI's place, the one where groq put it, and Kimi's. */
export function usageOf({ usage, x_groq: groq, choices }: ChatChunk): unknown {
  return usage ?? groq?.usage ?? choices?.[0]?.usage ?? undefined;
}

type Said = { content: string; refusal: string; reasoning_content: string; reasoning: string };

function addText(said: Said, delta: Delta): void {
  said.content += textOfContent(delta.content);
  for (const key of ['refusal', 'reasoning_content', 'reasoning'] as const) {
    if (typeof delta[key] === 'string') said[key] += delta[key];
  }
}

/** The text of a message's content, which some servers give as a list of parts; thoughts among them are left out. */
export function textOfContent(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { type?: unknown; text?: unknown } | string | null) => textOfPart(part)).join('');
}

function textOfPart(part: { readonly type?: unknown; readonly text?: unknown } | string | null): string {
  if (typeof part === 'string') return part;
  return part?.type === 'text' && typeof part.text === 'string' ? part.text : '';
}

/**
 * A chunk without an index starts a new call when it has a function's name, and continues the last call otherwise. One
 * with the index of a call of another id starts a new call too: Gemini and old Ollama number every call 0.
 */
function addCall(calls: Call[], { index, id, function: part, type: _type, ...extras }: CallDelta): void {
  const named = part?.name ? calls.length : Math.max(0, calls.length - 1);
  const known = index === undefined ? named : calls.findLastIndex((call) => call.index === index);
  const isOther = Boolean(part?.name) && Boolean(id) && Boolean(calls[known]?.id) && id !== calls[known]?.id;
  const at = known === -1 || isOther ? calls.length : known;
  const call = calls[at] ?? { id: '', index, function: { name: '', arguments: '' } };
  calls[at] = {
    ...call,
    ...extras,
    id: call.id || (id ?? ''),
    function: {
      name: call.function.name || (part?.name ?? ''),
      arguments: call.function.arguments + argumentsText(part?.arguments),
    },
  };
}

/** Some servers give the arguments whole, as the object that they are. */
function argumentsText(written: unknown): string {
  if (typeof written === 'string') return written;
  return written === undefined || written === null ? '' : JSON.stringify(written);
}
