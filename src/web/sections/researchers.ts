/**
 * What each researcher of `researcher: auto` was asked for and what it gained.
 */
import { formatAt, formatDuration, formatRounded } from '../../core/base/format.ts';
import type { ResearcherRow } from '../../core/views/researchers.ts';
import * as html from '../html/cell-table.ts';
import * as markdown from '../markdown/blocks.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const researchersSection: Section = {
  id: 'researchers',
  heading: 'Who proposed',
  markdown: ({ arms, decimals }) =>
    arms.length === 0
      ? undefined
      : `${markdown.cellTable(header, cells(arms, decimals))}\n\nWhy each was asked is in \`nocturne log --why\`.`,
  html: ({ arms, decimals }) =>
    arms.length === 0
      ? undefined
      : markup`${html.cellTable(header, cells(arms, decimals))}<p class="quiet">Why each was asked: <code>nocturne log --why</code></p>`,
};

const header = ['researcher', 'tried', 'kept', 'gain', 'run time', 'gain per hour'] as const;

function cells(arms: readonly ResearcherRow[], decimals: number): string[][] {
  return arms.map(({ arm, tried, kept, gain, gpuSeconds, gainPerGpuHour }) => [
    arm,
    String(tried),
    String(kept),
    formatAt(gain, decimals),
    formatDuration(gpuSeconds),
    gainPerGpuHour === null ? '' : formatRounded(gainPerGpuHour, 3),
  ]);
}
