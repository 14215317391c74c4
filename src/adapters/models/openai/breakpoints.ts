/**
 * Where a prompt for OpenAI is marked, so that later requests read it from the cache.
 *
 * Models from GPT-5.6 on store a prefix only at a breakpoint, and read one only where the new request has a breakpoint at
 * the same place; they do not fall back to a shorter prefix (developers.openai.com/api/docs/guides/prompt-caching, and the
 * types of the `openai` package from 6.49 on). A request writes its last three explicit breakpoints and the one that the
 * service itself places on the last message; an entry lives at least 30 minutes. Models before 5.6 refuse the field and
 * cache by themselves.
 */
import { createHash } from 'node:crypto';
import type { ModelRequest } from '../../../ports/model.ts';
import { type CacheMarks, maxPrefixEnds, prefixEnds } from '../cache-marks.ts';

/** The field that marks a part of the content. */
export const breakpoint = { prompt_cache_breakpoint: { mode: 'explicit' } } as const;

/** Prefixes that are remembered, many times what a conversation has. */
const maxRemembered = 500;

/** Whether this model of OpenAI's has breakpoints; false where its name has no version. */
export function hasBreakpoints(model: string): boolean {
  const [, major, minor = '0'] = /^(?:ft:)?gpt-(\d+)(?:\.(\d+))?(?![\d.])/.exec(model) ?? [];
  if (major === undefined) return false;
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 6);
}

/**
 * Chooses the breakpoints of one model's requests in their order; it remembers what earlier requests wrote.
 *
 * Marked are the prefix ends (`isPrefixEnd`; with few of them the system text too) and the longest prefix that an earlier
 * request wrote. Only the last three marks of a request are written, so that from a conversation's second call on the
 * middle end is left out: then the first one, which alone is left after a kept experiment, lives on too.
 */
export function createBreakpointChooser(): (request: ModelRequest) => CacheMarks {
  const written = new Set<string>();
  return (request) => {
    const { messages } = request;
    const prefixes = prefixHashes(request);
    const last = messages.length - 1;
    const ends = prefixEnds(messages);
    const isShort = ends.length < maxPrefixEnds;
    const known = messages.findLastIndex(
      (message, index) => index < last && message.role !== 'assistant' && written.has(prefixes[index] ?? ''),
    );
    const isFirstCall = messages.every(({ role }) => role !== 'assistant');
    const later = isShort ? ends.slice(-1) : ends.filter((_, index) => index !== 1);
    const marked = new Set([...(isFirstCall ? ends : later), ...(known < 0 ? [] : [known])]);
    for (const index of [...marked, last]) remember(written, prefixes[index] ?? '');
    return { system: isShort ? 'hour' : undefined, messages: new Map([...marked].map((index) => [index, 'hour'])) };
  };
}

/** What names the prefix that ends with each message. */
function prefixHashes({ system, tools, messages }: ModelRequest): readonly string[] {
  const hash = createHash('sha256').update(JSON.stringify([system, tools]));
  return messages.map((message) => {
    // Whether a message is a prefix end changes no byte of the prompt.
    const { isPrefixEnd: _, ...said } = { isPrefixEnd: false, ...message };
    return hash.update(JSON.stringify(said)).copy().digest('hex');
  });
}

/** Adds the prefix as the newest; the oldest is forgotten. */
function remember(written: Set<string>, prefix: string): void {
  written.delete(prefix);
  written.add(prefix);
  const [oldest] = written;
  if (written.size > maxRemembered && oldest !== undefined) written.delete(oldest);
}
