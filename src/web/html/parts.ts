/**
 * Parts of the report's page that the dashboard shows too.
 */
import type { Progress } from '../../core/views/report/progress.ts';
import type { Report } from '../../core/views/report/report.ts';
import { type Markup, markup } from '../markup.ts';
import type { Section } from '../section.ts';
import { progressFigure } from '../svg/progress-figure.ts';
import type { LinkOf } from '../svg/progress-marks.ts';
import type { ShowFigure } from './figure-text.ts';

/** The progress figure, for a wide screen and for a narrow one. */
export function progressBlock(progress: Progress, linkOf: LinkOf): Markup {
  return markup`<figure id="progress"><div class="wide">${progressFigure(progress, 'wide', linkOf)}</div><div class="narrow">${progressFigure(progress, 'narrow', linkOf)}</div></figure>`;
}

/** One line of the file, empty while the section has nothing to say; undefined for a section of report.md alone. */
export function sectionBlock(
  { id, heading, count, html }: Section,
  report: Report,
  figure: ShowFigure,
): Markup | undefined {
  if (!html) return undefined;
  const content = html(report, figure);
  if (!content) return markup`\n`;
  const number = count?.(report) || undefined;
  const beside = number === undefined ? undefined : markup` <span class="count">${number}</span>`;
  return markup`<section id="${id}"><h2>${heading}${beside}</h2>${content}</section>\n`;
}
