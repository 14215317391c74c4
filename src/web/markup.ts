/**
 * HTML and SVG as text that is safe by default: a value that is put into a template is escaped, unless it is Markup.
 *
 * Titles, hypotheses, logs and diffs are written by models and scripts, so there is no way in for raw text.
 */
import { plainText } from '../core/base/plain-text.ts';

/** Text that is markup already; only this file makes one. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | undefined | readonly Part[];

/** The template `markup\`<b>${text}</b>\``; undefined leaves nothing, a list is joined. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const pieces = strings.map((text, index) => (index < parts.length ? text + textOf(parts[index]) : text));
  return { markup: pieces.join('') };
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escapeMarkup(plainText(part));
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  return part.map(textOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => entities[mark] ?? mark);
}
