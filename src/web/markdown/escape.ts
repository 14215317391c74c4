/**
 * Text by models and scripts in Markdown: it must not become headings, links, markup or table cells.
 */
import { plainText } from '../../core/base/plain-text.ts';

/** The text as one line in which nothing is markup. */
export function escapeMarkdown(text: string): string {
  return plainText(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*{}[\]<>|#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&');
}

/** A block of code behind a fence that is longer than any run of backticks in it. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
