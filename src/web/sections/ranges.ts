/**
 * How the searches narrowed and opened their ranges.
 */
import type { SpaceChange } from '../../core/journal/history.ts';
import { bullets } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const rangesSection: Section = {
  id: 'ranges',
  heading: 'Ranges',
  markdown: ({ spaceChanges }) =>
    spaceChanges.length === 0 ? undefined : bullets(spaceChanges.map(changeSentence).map(escapeMarkdown)),
  html: ({ spaceChanges }) => {
    if (spaceChanges.length === 0) return undefined;
    const sentences = spaceChanges.map((change) => markup`<li>${changeSentence(change)}</li>`);
    return markup`<ul class="plain">${sentences}</ul>`;
  },
};

/** From which experiment on which ranges were narrowed or opened, and why. */
function changeSentence({ experiment, reason, changes }: SpaceChange): string {
  const list = changes.map(({ knob, from, to }) => `${knob} ${from} -> ${to}`).join('; ');
  return `From experiment ${experiment} on, ${list}: ${reason}.`;
}
