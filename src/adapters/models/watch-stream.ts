/**
 * Tells of a streamed reply while it comes, so that one that is cut off or ended early is counted as far as it came.
 */
import type { ModelRequest, TokenUsage } from '../../ports/model.ts';

/** What an event adds to a reply. */
interface Part {
  /** A text, or an object with texts in it. */
  readonly text: unknown;
  readonly usage?: TokenUsage | undefined;
}

/**
 * The same events; after each one that is part of a reply, `tell` gets what has come so far. `readPart` gives undefined
 * for an event that is none, such as an error.
 */
export async function* watched<Event>(
  events: AsyncIterable<Event>,
  tell: ModelRequest['onProgress'],
  readPart: (event: Event) => Part | undefined,
): AsyncGenerator<Event> {
  let bytes = 0;
  let usage: TokenUsage | undefined;
  for await (const event of events) {
    const part = readPart(event);
    if (part !== undefined) {
      bytes += bytesOf(part.text);
      usage = part.usage ?? usage;
      tell?.({ bytes, ...(usage !== undefined && { usage }) });
    }
    yield event;
  }
}

/** Keys whose texts are names and marks, not what the model wrote. */
const marks = new Set([
  ...['id', 'call_id', 'tool_use_id', 'type', 'role', 'model', 'object', 'status', 'format', 'service_tier'],
  ...['finish_reason', 'stop_reason', 'system_fingerprint', 'signature', 'encrypted_content', 'data'],
  // LangChain keeps what a message was made of beside the message.
  ...['lc_kwargs', 'lc_namespace'],
]);

/** Bytes of all texts in a part of a reply. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, inner]) => sum + (marks.has(key) ? 0 : bytesOf(inner)), 0);
}
