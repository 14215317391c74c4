/**
 * Which prefixes of a prompt a provider is to keep in its cache, for the wires on which that is said with the texts.
 */
import type { ModelMessage, ModelRequest } from '../../ports/model.ts';

/** How long an entry is wanted: from proposal to proposal, or until the next turn, seconds later. */
export type Lifetime = 'hour' | 'minutes';

/** The end of the system text, and the ends of messages by their index. */
export interface CacheMarks {
  readonly system: Lifetime | undefined;
  readonly messages: ReadonlyMap<number, Lifetime>;
}

/** A message whose end is marked. */
export type MarkedMessage = ModelMessage & { readonly mark?: Lifetime | undefined };

/** Prefix ends that are marked; with so many the system text, which stands before them all, needs no mark of its own. */
export const maxPrefixEnds = 3;

/**
 * The four marks that Anthropic's API takes: the last three prefix ends (`isPrefixEnd`) for an hour, with fewer of them the
 * system text too, and the last message for minutes.
 */
export function claudeMarks({ messages }: ModelRequest): CacheMarks {
  const last = messages.length - 1;
  const ends = prefixEnds(messages);
  const marks = ends.map((index): [number, Lifetime] => [index, 'hour']);
  return {
    system: ends.length < maxPrefixEnds ? 'hour' : undefined,
    messages: new Map(messages[last]?.role === 'assistant' ? marks : [...marks, [last, 'minutes']]),
  };
}

/** The last prefix ends, by their index; the last message is none. */
export function prefixEnds(messages: readonly ModelMessage[]): readonly number[] {
  return messages
    .slice(0, -1)
    .flatMap((message, index) => (message.role === 'user' && message.isPrefixEnd ? [index] : []))
    .slice(-maxPrefixEnds);
}

/** A mark in Anthropic's words, which OpenRouter and LangChain hand on. */
export function cacheControl(lifetime: Lifetime) {
  return { cache_control: { type: 'ephemeral', ttl: lifetime === 'hour' ? '1h' : '5m' } } as const;
}

/** The messages with their marks. */
export function withMarks(messages: readonly ModelMessage[], marks: CacheMarks | undefined): readonly MarkedMessage[] {
  if (marks === undefined) return messages;
  return messages.map((message, index) => ({ ...message, mark: marks.messages.get(index) }));
}
