/**
 * How long a provider asks to wait, from the headers of its answer.
 *
 * A negative or unreadable figure counts as none, and a longer wait than thirty days as thirty days. Callers wait in far
 * shorter steps: Node's timers overflow at 2^31 ms and then fire at once.
 */

const maxSeconds = 30 * 24 * 3600;

/** Seconds to wait, 0 included, or undefined when the headers do not say. */
export function readRetryAfter(header: (name: string) => string | undefined, nowMs: number): number | undefined {
  const milliseconds = readSeconds(header('retry-after-ms'));
  if (milliseconds !== undefined) return Math.min(milliseconds / 1000, maxSeconds);
  const text = header('retry-after');
  const seconds = readSeconds(text) ?? readDate(text, nowMs);
  return seconds === undefined ? undefined : Math.min(seconds, maxSeconds);
}

function readSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

function readDate(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || !/[a-z]{3}/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMs) / 1000);
}
