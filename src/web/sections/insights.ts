/**
 * The notes that the model wrote on what it has learned.
 */

import { bullets } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const insightsSection: Section = {
  id: 'insights',
  heading: 'Insights',
  markdown: ({ insights }) =>
    insights.length === 0
      ? undefined
      : bullets(insights.map(({ experiment, text }) => `after ${experiment}: ${escapeMarkdown(text)}`)),
  html: ({ insights }) => {
    const [last, ...earlier] = [...insights].reverse();
    if (!last) return undefined;
    const older = earlier.map(
      ({ experiment, text }) =>
        markup`<details><summary>after ${experiment} experiments</summary><p class="prose">${text}</p></details>`,
    );
    return markup`<p class="quiet">After ${last.experiment} experiments:</p><p class="prose">${last.text}</p>${older}`;
  },
};
