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

const maxPrefixEnds = 2;

/**
 * The four marks that Anthropic's API takes: the system text and the last two prefix ends (`isPrefixEnd`) for an hour, the
 * last message for minutes.
 */
export function claudeMarks({ system, messages }: ModelRequest): CacheMarks {
  const last = messages.length - 1;
  const ends = messages
    .flatMap((message, index) => (message.role === 'user' && message.isPrefixEnd && index < last ? [index] : []))
    .slice(-maxPrefixEnds);
  const marks = ends.map((index): [number, Lifetime] => [index, 'hour']);
  return {
    system: system === '' ? undefined : 'hour',
    messages: new Map(messages[last]?.role === 'assistant' ? marks : [...marks, [last, 'minutes']]),
  };
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
