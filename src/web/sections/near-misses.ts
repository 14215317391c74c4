/**
 * Reverted experiments that may have been gains.
 */
import { formatSigned } from '../../core/base/format.ts';
import type { NearMiss } from '../../core/views/report/near-misses.ts';
import { bullets } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const nearMissesSection: Section = {
  id: 'near-misses',
  heading: 'Near-misses',
  markdown: ({ nearMisses, decimals }) =>
    nearMisses.length === 0 ? undefined : bullets(nearMisses.map((miss) => nearMissText(miss, decimals))),
  html: ({ nearMisses }, figure) => {
    if (nearMisses.length === 0) return undefined;
    const rows = nearMisses.map(
      ({ experiment, title, reason, gain }) =>
        markup`<li><a href="#a${experiment}">${experiment}</a> <b>${title}</b> <span class="${gain > 0 ? 'gain' : 'quiet'}">${figure(`near.${experiment}.gain`, 'signed')}</span><br><span class="quiet">${reason}</span></li>`,
    );
    return markup`<p class="quiet">Reverted, but within the noise of a gain: try them again, or together.</p><ul class="plain">${rows}</ul>`;
  },
  figures: ({ nearMisses }) => nearMisses.map(({ experiment, gain }) => [`near.${experiment}.gain`, gain]),
};

function nearMissText({ experiment, title, gain, reason }: NearMiss, decimals: number): string {
  return `${experiment}. ${escapeMarkdown(title)} (${formatSigned(gain, decimals)}): ${escapeMarkdown(reason)}`;
}
