/**
 * What was held out of the study's own decisions: the gain of each step, earlier confirmations, the overfitting gauge.
 */
import { formatMetric } from '../../core/base/format.ts';
import type { GaugeReading, GaugeRow } from '../../core/journal/gauge-reading.ts';
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
  return [introduction, markdown.cellTable(gaugeHeader, gaugeRows(gauge)), gaugeNoise(gauge)].join('\n\n');
}

function gaugeMarkup(metric: string, gauge: GaugeReading): Markup {
  const introduction = markup`<p>${gaugeIntroduction(metric, gauge)}</p>`;
  if (gauge.isSplitIgnored) return introduction;
  return markup`${introduction}${html.cellTable(gaugeHeader, gaugeRows(gauge))}<p class="quiet">${gaugeNoise(gauge)}</p>`;
}

const gaugeHeader = ['#', 'runs', 'over', 'validation', 'holdout', 'may differ by', 'parted'] as const;

/** A row for the gain over the baseline, and one for the step alone where that is another. */
function gaugeRows({ rows }: GaugeReading): string[][] {
  return rows.flatMap(({ experiment, runs, step, ...gains }) => {
    const head = [String(experiment), String(runs)];
    const whole = [...head, 'the baseline', ...gainCells(gains)];
    return step ? [whole, [...head, `experiment ${step.parent}`, ...gainCells(step)]] : [whole];
  });
}

function gainCells({ validationGain, holdoutGain, limit, isParted }: Omit<GaugeRow, 'experiment' | 'runs'>): string[] {
  const cells = [validationGain, holdoutGain, limit].map((cell) =>
    cell === undefined ? 'unknown' : formatMetric(cell),
  );
  return [...cells, isParted ? 'yes' : ''];
}

/** What the overfitting gauge compares. */
function gaugeIntroduction(metric: string, { isSplitIgnored }: GaugeReading): string {
  return isSplitIgnored
    ? 'The scorer gives the same numbers on both splits, so nothing is held out.'
    : `The gain in ${metric} over the baseline, and over the experiment that each was made from, on validation, which the study selected on, and on the holdout, of the same saved weights:`;
}

/** By how much the gains on validation and holdout may differ before the gauge warns. */
function gaugeNoise({ sigma, degreesOfFreedom, isTextKnown }: GaugeReading): string {
  const seeds =
    sigma === undefined
      ? 'no candidate ran twice, so what the seeds do to it is unknown'
      : `a run's holdout minus validation score has a sigma of ${formatMetric(sigma)} (${degreesOfFreedom} degrees of freedom)`;
  const texts = isTextKnown
    ? 'how far two such texts differ is taken from the parts that the scorer grades; a gain has parted when it also loses 20 % on the holdout'
    : 'how far two such texts differ is unknown, since the scorer grades no parts, so a gain has parted only when it also loses 30 % on the holdout';
  return `How far the two may differ by chance: ${seeds}, and ${texts}.`;
}
