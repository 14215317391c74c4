/**
 * When a provider wants to be asked again, from the headers of its answer.
 *
 * Only what makes sense is read: a negative or unreadable figure is no answer, and none is beyond thirty days, so that
 * no timer ever gets a number it would take for "at once" (Node's timers overflow at 2^31 ms).
 */

const furthestSeconds = 30 * 24 * 3600;

/** Seconds to wait, 0 included, or undefined when the headers do not say. */
export function readRetryAfter(header: (name: string) => string | undefined, nowMs: number): number | undefined {
  const milliseconds = readSeconds(header('retry-after-ms'));
  if (milliseconds !== undefined) return Math.min(milliseconds / 1000, furthestSeconds);
  const text = header('retry-after');
  const seconds = readSeconds(text) ?? readDate(text, nowMs);
  return seconds === undefined ? undefined : Math.min(seconds, furthestSeconds);
}

function readSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

function readDate(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || !/[a-z]{3}/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMs) / 1000);
}
