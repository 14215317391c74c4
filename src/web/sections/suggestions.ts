/**
 * What to change before the next night.
 */
import { plainText } from '../../core/base/plain-text.ts';
import { bullets } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const suggestionsSection: Section = {
  id: 'suggestions',
  heading: 'Suggested for program.md',
  markdown: ({ suggestions }) => {
    if (suggestions.length === 0) return undefined;
    const items = suggestions.map(
      ({ line, reason }) => `\`${plainText(line).replaceAll('`', "'")}\`: ${escapeMarkdown(reason)}`,
    );
    return bullets(items);
  },
  html: ({ suggestions }) => {
    if (suggestions.length === 0) return undefined;
    const rows = suggestions.map(
      ({ line, reason }) => markup`<li><code>${line}</code><br><span class="quiet">${reason}</span></li>`,
    );
    return markup`<ul class="plain">${rows}</ul>`;
  },
};
