/**
 * Whether the gain is still there at a longer budget, by `nocturne confirm --budget`.
 */
import { bullets } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const lastingSection: Section = {
  id: 'lasting',
  heading: 'At a longer budget',
  markdown: ({ lasting }) =>
    lasting.length === 0 ? undefined : bullets(lasting.map(({ claims }) => claims.map(escapeMarkdown).join(' '))),
  html: ({ lasting }) =>
    lasting.length === 0
      ? undefined
      : markup`<ul>${lasting.map(({ claims }) => markup`<li>${claims.join(' ')}</li>`)}</ul>`,
};
