/**
 * A plain table of the page.
 */
import { type Markup, markup } from '../markup.ts';

/** The table, in a frame that scrolls where the screen is narrow. */
export function cellTable(header: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const head = header.map((name) => markup`<th>${name}</th>`);
  const body = rows.map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`);
  return markup`<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
