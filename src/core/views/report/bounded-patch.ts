/**
 * A diff cut to what a person reads: a model may rewrite a whole file, and a line may be a megabyte.
 */
import { plainText } from '../../base/plain-text.ts';

const mostLines = 160;
const mostCharacters = 240;

/** The lines to show, and how many are not. */
export function boundedPatch(patch: string): { lines: string[]; hidden: number } {
  const lines = plainText(patch)
    .trimEnd()
    .split('\n')
    .filter((line, _, all) => all.length > 1 || line !== '');
  const shown = lines
    .slice(0, mostLines)
    .map((line) => (line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line));
  return { lines: shown, hidden: lines.length - shown.length };
}
