/**
 * Commands to type.
 */

import { fenced } from '../markdown/escape.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const reproduceSection: Section = {
  id: 'reproduce',
  heading: 'How to reproduce',
  markdown: ({ reproductions }) => {
    if (reproductions.length === 0) return undefined;
    const width = Math.max(...reproductions.map(({ command }) => command.length));
    const lines = reproductions.map(({ command, purpose }) => `${command.padEnd(width)}   # ${purpose}`);
    return fenced('', lines.join('\n'));
  },
  html: ({ reproductions }) => {
    if (reproductions.length === 0) return undefined;
    const rows = reproductions.map(
      ({ command, purpose }) => markup`<li><code>${command}</code> <span class="quiet">${purpose}</span></li>`,
    );
    return markup`<ul class="commands">${rows}</ul>`;
  },
};
