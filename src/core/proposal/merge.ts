/**
 * Two changes of one text put together, line by line. Unlike git's, neighbouring lines may change, each by one of them: knobs often
 * stand line by line, and what comes of it is measured.
 */
import { diffArrays } from 'diff';

/** Lines of the base, from one on and without the other end, and what stands in their place. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** The text with both changes; undefined where they meet: both change the same lines, or add some in one place. */
export function mergeTexts(base: string, one: string, other: string): string | undefined {
  const hunks = [...hunksOf(base, one), ...hunksOf(base, other)].sort((a, b) => a.from - b.from || a.to - b.to);
  const merged: string[] = [];
  const lines = linesOf(base);
  let at = 0;
  let last: Hunk | undefined;
  for (const hunk of hunks) {
    if (last && isSame(last, hunk)) continue;
    if (last && meet(last, hunk)) return undefined;
    merged.push(...lines.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
    last = hunk;
  }
  return [...merged, ...lines.slice(at)].join('');
}

/** With the ends of the lines. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunksOf(base: string, changed: string): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let open: { from: number; to: number; lines: string[] } | undefined;
  for (const { value, added, removed } of diffArrays(linesOf(base), linesOf(changed))) {
    if (!added && !removed) {
      at += value.length;
      open = undefined;
      continue;
    }
    if (!open) {
      open = { from: at, to: at, lines: [] };
      hunks.push(open);
    }
    if (added) open.lines.push(...value);
    else open.to = at += value.length;
  }
  return hunks;
}

/** Of two hunks, the first of which begins no later. Whether added lines come before or after a change of their place is open. */
function meet(first: Hunk, second: Hunk): boolean {
  const isAdded = ({ from, to }: Hunk) => from === to;
  return second.from < first.to || (second.from === first.to && (isAdded(first) || isAdded(second)));
}

function isSame(one: Hunk, other: Hunk): boolean {
  return one.from === other.from && one.to === other.to && one.lines.join('') === other.lines.join('');
}
