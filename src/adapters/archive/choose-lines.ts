/**
 * Which of the sound lines behind a journal's first trouble are the study's: the longest run of rising numbers.
 */
import type { SoundLine } from './salvage.ts';

/** Which of two lines with one number is taken. */
export type Preferred = 'later' | 'earlier';

/** Bytes of an entry that says next to nothing. */
const shortestLine = 80;

/** The lines whose numbers rise from `after` on, in order. */
export function chooseLines(lines: readonly SoundLine[], after: number, preferred: Preferred): SoundLine[] {
  const rising = longestRising(
    lines.filter(({ entry }) => entry.seq > after),
    preferred,
  );
  const [before, last] = [rising.at(-2), rising.at(-1)];
  if (!last) return rising;
  // A number far ahead with nothing behind it, and no room before it for what would be gone, is what no controller wrote.
  const room = last.at - (before ? before.at + before.length : 0);
  const most = (before?.entry.seq ?? after) + 1 + lines.length + room / shortestLine;
  return last.entry.seq > most ? rising.slice(0, -1) : rising;
}

function longestRising(lines: readonly SoundLine[], preferred: Preferred): SoundLine[] {
  // By length: the index of the line with the lowest number that ends a run of this length.
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, { entry }] of lines.entries()) {
    const length = firstNotBelow(ends, (at) => (lines[at]?.entry.seq ?? 0) >= entry.seq);
    previous.push(ends[length - 1]);
    if (preferred === 'later' || lines[ends[length] ?? -1]?.entry.seq !== entry.seq) ends[length] = index;
  }
  const chosen: SoundLine[] = [];
  for (let at = ends.at(-1); at !== undefined; at = previous[at]) {
    const line = lines[at];
    if (line) chosen.unshift(line);
  }
  return chosen;
}

function firstNotBelow(ends: readonly number[], isNotBelow: (at: number) => boolean): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isNotBelow(ends[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
