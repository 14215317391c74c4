/**
 * Makes a conversation alternate, as the templates of many open models demand: neighbouring user messages become one,
 * and words of the user that follow the results of calls become a part of the last result.
 *
 * Mistral's API refuses a user message after a tool's ("Unexpected role 'user' after role 'tool'", code 3230); the
 * templates of Gemma and Mistral, which vLLM, llama.cpp and LM Studio apply, refuse two user messages in a row.
 */
import type { Lifetime, MarkedMessage } from './cache-marks.ts';

/** A piece of a user's message. */
export interface TextPart {
  readonly text: string;
  /** Everything up to its end is to be kept in the provider's cache. */
  readonly mark?: Lifetime | undefined;
}

export type JoinedMessage =
  | { readonly role: 'user'; readonly parts: readonly TextPart[] }
  | Extract<MarkedMessage, { role: 'assistant' | 'tool' }>;

/** The same conversation without two user messages in a row, and without one right after results of calls. */
export function joinNeighbours(messages: readonly MarkedMessage[]): readonly JoinedMessage[] {
  const joined: JoinedMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.role !== 'user') joined.push(message);
    else if (last?.role === 'user') joined[joined.length - 1] = { ...last, parts: [...last.parts, partOf(message)] };
    else if (last?.role === 'tool') joined[joined.length - 1] = withWords(last, message);
    else joined.push({ role: 'user', parts: [partOf(message)] });
  }
  return joined;
}

/** The parts as one text. */
export function textOf(parts: readonly TextPart[]): string {
  return parts.map(({ text }) => text).join('\n\n');
}

type UserMessage = Extract<MarkedMessage, { role: 'user' }>;

function partOf({ text, mark }: UserMessage): TextPart {
  return { text, mark };
}

function withWords(
  message: Extract<MarkedMessage, { role: 'tool' }>,
  { text: words, mark }: UserMessage,
): JoinedMessage {
  const { results } = message;
  return {
    role: 'tool',
    mark: mark ?? message.mark,
    results: results.map((result, index) =>
      index === results.length - 1 ? { ...result, text: `${result.text}\n\n${words}` } : result,
    ),
  };
}
