/**
 * Makes a conversation alternate, as the templates of many open models demand: neighbouring user messages become one,
 * and words of the user that follow the results of calls become a part of the last result.
 *
 * Mistral's API refuses a user message after a tool's ("Unexpected role 'user' after role 'tool'", code 3230); the
 * templates of Gemma and Mistral, which vLLM, llama.cpp and LM Studio apply, refuse two user messages in a row.
 */
import type { ModelMessage } from '../../ports/model.ts';

/** A piece of a user's message; a provider may cache everything up to the end of one that is a prefix's end. */
export interface TextPart {
  readonly text: string;
  readonly isPrefixEnd: boolean;
}

export type JoinedMessage =
  | { readonly role: 'user'; readonly parts: readonly TextPart[] }
  | Extract<ModelMessage, { role: 'assistant' | 'tool' }>;

/** The same conversation without two user messages in a row, and without one right after results of calls. */
export function joinNeighbours(messages: readonly ModelMessage[]): readonly JoinedMessage[] {
  const joined: JoinedMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.role !== 'user') joined.push(message);
    else if (last?.role === 'user') joined[joined.length - 1] = { ...last, parts: [...last.parts, partOf(message)] };
    else if (last?.role === 'tool') joined[joined.length - 1] = withWords(last, message.text);
    else joined.push({ role: 'user', parts: [partOf(message)] });
  }
  return joined;
}

/** The parts as one text. */
export function textOf(parts: readonly TextPart[]): string {
  return parts.map(({ text }) => text).join('\n\n');
}

function partOf({ text, isPrefixEnd = false }: Extract<ModelMessage, { role: 'user' }>): TextPart {
  return { text, isPrefixEnd };
}

function withWords(message: Extract<ModelMessage, { role: 'tool' }>, words: string): JoinedMessage {
  const { results } = message;
  return {
    role: 'tool',
    results: results.map((result, index) =>
      index === results.length - 1 ? { ...result, text: `${result.text}\n\n${words}` } : result,
    ),
  };
}
