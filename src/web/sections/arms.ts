/**
 * What each arm of `researcher: auto` was asked for and what it brought.
 */
import { formatDifference, formatDuration } from '../../core/base/format.ts';
import type { ArmRow } from '../../core/views/arms.ts';
import * as html from '../html/cell-table.ts';
import * as markdown from '../markdown/blocks.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const armsSection: Section = {
  id: 'arms',
  heading: 'Who proposed',
  markdown: ({ arms }) =>
    arms.length === 0
      ? undefined
      : `${markdown.cellTable(header, cells(arms))}\n\nWhy each was asked is in \`nocturne log --why\`.`,
  html: ({ arms }) =>
    arms.length === 0
      ? undefined
      : markup`${html.cellTable(header, cells(arms))}<p class="quiet">Why each was asked: <code>nocturne log --why</code></p>`,
};

const header = ['arm', 'tried', 'kept', 'gain', 'run time', 'gain per hour'] as const;

function cells(arms: readonly ArmRow[]): string[][] {
  return arms.map(({ arm, tried, kept, gain, gpuSeconds, gainPerGpuHour }) => [
    arm,
    String(tried),
    String(kept),
    formatDifference(gain),
    formatDuration(gpuSeconds),
    gainPerGpuHour === null ? '' : formatDifference(gainPerGpuHour),
  ]);
}
