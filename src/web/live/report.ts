/**
 * The sections of the morning report, but for the table of all experiments, which has a page of its own.
 */
import type { Report } from '../../core/views/report/report.ts';
import { figuresOf } from '../figures.ts';
import { figureShower } from '../html/figure-text.ts';
import { headlineSection } from '../html/headline.ts';
import { progressBlock, sectionBlock } from '../html/parts.ts';
import { type Markup, markup } from '../markup.ts';
import { reportSections } from '../report-sections.ts';
import { attemptsSection } from '../sections/attempts.ts';
import { experimentLink, linkTo, type Place } from './links.ts';

/** Keeps with a card: each has its diff. */
const maxKept = 60;

/** The page's content. */
export function reportContent(place: Place, report: Report): Markup {
  const figure = figureShower(figuresOf(report), report.decimals);
  const hidden = report.kept.length - maxKept;
  const shown = hidden > 0 ? { ...report, kept: report.kept.slice(-maxKept) } : report;
  const sections = reportSections.filter(({ id }) => id !== attemptsSection.id);
  const earlier =
    hidden > 0
      ? markup`<p class="quiet"><a href="${linkTo(place, { view: 'experiments', status: 'kept' })}">${hidden} earlier keeps</a> are in the table of experiments.</p>`
      : undefined;
  return markup`${headlineSection(report, figure)}
${progressBlock(report.progress, (experiment) => experimentLink(place, experiment))}
${earlier}${sections.map((section) => sectionBlock(section, shown, figure))}`;
}
