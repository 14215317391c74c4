/**
 * What to expect of more experiments, what twenty of them would cost, and when stopping is right.
 */
import { type Outlook, outlookCaveat, outlookParts } from '../../core/views/forecast/outlook.ts';
import { bullets } from '../markdown/blocks.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const outlookSection: Section = {
  id: 'outlook',
  heading: 'What to expect',
  markdown: ({ outlook, decimals }) => {
    if (!outlook) return undefined;
    const parts = namedParts(outlook, decimals).map(([name, text]) => `${name}: ${text}`);
    return `${bullets(parts)}\n\n${outlookCaveat(outlook)}`;
  },
  html: ({ outlook, decimals }) => {
    if (!outlook) return undefined;
    const rows = namedParts(outlook, decimals).map(([name, text]) => markup`<tr><th>${name}</th><td>${text}</td></tr>`);
    return markup`<div class="scroll" tabindex="0"><table>${rows}</table></div><p class="quiet">${outlookCaveat(outlook)}</p>`;
  },
};

const names: Readonly<Record<string, string>> = {
  next: 'The next experiment',
  '20 more': 'Twenty more',
  '100 more': 'A hundred more, still to come',
  stopping: 'Stopping',
};

function namedParts(outlook: Outlook, decimals: number): [name: string, text: string][] {
  return outlookParts(outlook, decimals).map(([name, text]) => [names[name] ?? name, text]);
}
