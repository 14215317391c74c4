/**
 * What the estimate of the end said in a study that has ended, beside what was true: from the times in its journal alone.
 */
import type { Entry } from '../../src/core/journal/entry.ts';
import { createFold } from '../../src/core/journal/fold.ts';
import { timeLeftOf } from '../../src/core/views/time-left.ts';

/** Parts of a study after which it is asked. */
export const parts = [0.1, 0.25, 0.5, 0.75] as const;

export interface Told {
  readonly part: number;
  /** Live seconds that were said to be left; null where nothing was said. */
  readonly said: number | null;
  /** Live seconds that were left. */
  readonly left: number;
}

/** What was said after each part of the study's live time; the journal ends with the study's end by a rule. */
export function replay(entries: readonly Entry[]): readonly Told[] {
  const end = entries.findIndex(({ event }) => event === 'study-stopped');
  const own = entries.slice(0, end === -1 ? undefined : end + 1);
  const spans = spansOf(own);
  const whole = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  return parts.map((part) => {
    const at = momentAfter(spans, part * whole);
    const fold = createFold();
    for (const entry of own) if (Date.parse(entry.at) <= at) fold.add(entry);
    const history = fold.history();
    if (!history) throw new Error('a journal begins with its start');
    const { seconds } = timeLeftOf(history, { at: new Date(at).toISOString() }, true);
    return { part, said: seconds, left: ((1 - part) * whole) / 1000 };
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Its sessions, each from its first entry to its last one, in milliseconds. */
function spansOf(entries: readonly Entry[]): readonly Span[] {
  const times = entries.map(({ event, at }) => ({ begins: event.startsWith('study-'), event, at: Date.parse(at) }));
  const starts = times.flatMap(({ event }, index) =>
    event === 'study-started' || event === 'study-resumed' ? [index] : [],
  );
  return starts.map((start, index) => ({
    from: times[start]?.at ?? 0,
    to: times[(starts[index + 1] ?? times.length) - 1]?.at ?? 0,
  }));
}

function momentAfter(spans: readonly Span[], milliseconds: number): number {
  let left = milliseconds;
  for (const { from, to } of spans) {
    if (left <= to - from) return from + left;
    left -= to - from;
  }
  return spans.at(-1)?.to ?? 0;
}
