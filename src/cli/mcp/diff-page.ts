/**
 * A diff in pages of whole lines.
 */

export interface DiffPage {
  readonly text: string;
  /** Of the whole diff. */
  readonly lines: number;
  /** Numbers of the first and the last line of the page; null where it has none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Where the next page begins; null after the last. */
  readonly next_from_line: number | null;
}

/** The longest line that is shown whole, such as one of minified code. */
const maxLineCharacters = 2000;

/** The page that begins at a line, counted from 1, of at most this many characters. */
export function diffPage(patch: string, fromLine: number, maxCharacters: number): DiffPage {
  const all = patch === '' ? [] : patch.replace(/\n$/, '').split('\n');
  const shown: string[] = [];
  let left = maxCharacters;
  for (const line of all.slice(fromLine - 1).map(shortened)) {
    left -= line.length + 1;
    if (left < 0) break;
    shown.push(line);
  }
  const last = fromLine - 1 + shown.length;
  return {
    text: shown.join('\n'),
    lines: all.length,
    first: shown.length === 0 ? null : fromLine,
    last: shown.length === 0 ? null : last,
    next_from_line: shown.length > 0 && last < all.length ? last + 1 : null,
  };
}

function shortened(line: string): string {
  if (line.length <= maxLineCharacters) return line;
  return `${line.slice(0, maxLineCharacters)} [${line.length - maxLineCharacters} characters left out]`;
}
