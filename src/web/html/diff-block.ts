/**
 * A diff on a page.
 */
import { type Markup, markup } from '../markup.ts';

/** A diff as a block, added and removed lines told apart by colour and by sign; a note says what was cut. */
export function diffBlock(lines: readonly string[], note?: string): Markup | undefined {
  if (lines.length === 0) return undefined;
  const shown = lines.filter((line) => !/^(?:diff --git|index |--- |\+\+\+ )/.test(line));
  const rows = shown.map((line) => markup`<span class="${kindOf(line)}">${line === '' ? ' ' : line}\n</span>`);
  return markup`<pre class="diff" tabindex="0">${rows}</pre>${note === undefined ? undefined : markup`<p class="quiet">${note}</p>`}`;
}

function kindOf(line: string): string {
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'add';
  if (line.startsWith('-')) return 'del';
  return 'same';
}
