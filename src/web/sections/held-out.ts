/**
 * What was held out of the study's own decisions: the gain of each step, earlier confirmations, the overfitting gauge.
 */
import { formatMetric } from '../../core/base/format.ts';
import type { GaugeReading } from '../../core/journal/gauge-reading.ts';
import { stepsHeading } from '../../core/views/confirmation-text.ts';
import * as html from '../html/cell-table.ts';
import * as markdown from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { type Markup, markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const heldOutSection: Section = {
  id: 'held-out',
  heading: 'Held out',
  markdown: ({ heldOut, metric }) => {
    if (!heldOut) return undefined;
    const { steps, earlier, gauge } = heldOut;
    const parts = [listText(stepsHeading, steps), listText(earlierHeading, earlier), gauge && gaugeText(metric, gauge)];
    return parts.filter(Boolean).join('\n\n');
  },
  html: ({ heldOut, metric }) => {
    if (!heldOut) return undefined;
    const { steps, earlier, gauge } = heldOut;
    return markup`${listMarkup(stepsHeading, steps)}${listMarkup(earlierHeading, earlier)}${gauge && gaugeMarkup(metric, gauge)}`;
  },
};

const earlierHeading = 'Earlier confirmations, none of which is forgotten:';

function listText(introduction: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${introduction}\n\n${markdown.bullets(lines.map(escapeMarkdown))}`;
}

function listMarkup(introduction: string, lines: readonly string[]): Markup | undefined {
  if (lines.length === 0) return undefined;
  return markup`<p>${introduction}</p><ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}

function gaugeText(metric: string, gauge: GaugeReading): string {
  const introduction = gaugeIntroduction(metric, gauge);
  if (gauge.isSplitIgnored) return introduction;
  const warning = gauge.warning === undefined ? [] : [`**${gauge.warning}.**`];
  return [introduction, markdown.cellTable(gaugeHeader, gaugeRows(gauge)), gaugeNoise(gauge), ...warning].join('\n\n');
}

function gaugeMarkup(metric: string, gauge: GaugeReading): Markup {
  const introduction = markup`<p>${gaugeIntroduction(metric, gauge)}</p>`;
  if (gauge.isSplitIgnored) return introduction;
  const warning = gauge.warning === undefined ? undefined : markup`<p><b>${gauge.warning}.</b></p>`;
  return markup`${introduction}${html.cellTable(gaugeHeader, gaugeRows(gauge))}<p class="quiet">${gaugeNoise(gauge)}</p>${warning}`;
}

const gaugeHeader = ['#', 'runs', 'validation', 'holdout', 'may part by', 'parted'] as const;

function gaugeRows({ rows }: GaugeReading): string[][] {
  return rows.map(({ experiment, runs, validationGain, holdoutGain, limit, isParted }) => [
    String(experiment),
    String(runs),
    ...[validationGain, holdoutGain, limit].map((cell) => (cell === undefined ? 'unknown' : formatMetric(cell))),
    isParted ? 'yes' : '',
  ]);
}

/** What the overfitting gauge compares. */
function gaugeIntroduction(metric: string, { isSplitIgnored }: GaugeReading): string {
  return isSplitIgnored
    ? 'The scorer gives the same numbers on both splits, so nothing is held out.'
    : `The gain in ${metric} over the baseline on validation, which the study selected on, and on the holdout, of the same saved weights:`;
}

/** By how much the gains on validation and holdout may differ before the gauge warns. */
function gaugeNoise({ sigma, degreesOfFreedom }: GaugeReading): string {
  if (sigma === undefined) return 'How far they may part is unknown: no candidate ran twice.';
  return `They may part by two standard errors, from a sigma of ${formatMetric(sigma)} of a run's holdout minus validation score (${degreesOfFreedom} degrees of freedom).`;
}
