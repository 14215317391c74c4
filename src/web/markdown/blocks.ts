/**
 * Lists and tables in Markdown.
 */
import { escapeMarkdown } from './escape.ts';

/** One line for each item, which is Markdown already. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

/** A table; its cells are escaped. */
export function cellTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, header.map(() => '---'), ...rows.map((row) => row.map(escapeMarkdown))];
  return cells.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
