/**
 * The report's table of what each arm of `researcher: auto` was asked for and what it brought.
 */
import { formatDuration, formatMetric } from '../format.ts';
import type { History } from '../journal/history.ts';
import { armRows } from './arms.ts';

/** In Markdown; empty for a study that never mixed. */
export function armsSection(history: History): string {
  const rows = armRows(history).map(({ arm, tried, kept, gain, gpuSeconds, gainPerGpuHour }) => {
    const pace = gainPerGpuHour === null ? '' : formatMetric(gainPerGpuHour);
    return `| ${arm} | ${tried} | ${kept} | ${formatMetric(gain)} | ${formatDuration(gpuSeconds)} | ${pace} |`;
  });
  if (rows.length === 0) return '';
  return [
    '## Who proposed',
    '',
    '| arm | tried | kept | gain | run time | gain per hour |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    'Why each was asked is in `nocturne log --why`.',
  ].join('\n');
}
