/**
 * The morning report as one HTML file: no script, no request, everything inline, so that it opens anywhere and for
 * ever.
 */
import type { Report } from '../../core/views/report/report.ts';
import { figuresOf } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { reportSections } from '../report-sections.ts';
import type { Section } from '../section.ts';
import { figureStyle } from '../svg/figure-style.ts';
import { progressFigure } from '../svg/progress-figure.ts';
import { figureShower, type ShowFigure } from './figure-text.ts';
import { headlineSection } from './headline.ts';
import { pageStyle } from './style.ts';

/** Forbids scripts and requests. Text by models and scripts is escaped too; this holds if an escape is forgotten. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The whole file. */
export function reportPage(report: Report): string {
  const figure = figureShower(figuresOf(report), report.decimals);
  const style: Markup = { markup: `${pageStyle}${figureStyle}` };
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<meta name="nocturne-seq" content="${report.seq}">
<title>${report.tag}: ${report.metric}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${headlineSection(report, figure)}
<figure id="progress"><div class="wide">${progressFigure(report.progress, 'wide', true)}</div><div class="narrow">${progressFigure(report.progress, 'narrow', true)}</div></figure>
${reportSections.map((section) => sectionLine(section, report, figure))}</main>
</body>
</html>
`;
  return page.markup;
}

/** One line of the file, empty while the section has nothing to say; undefined for a section of report.md alone. */
function sectionLine({ id, heading, count, html }: Section, report: Report, figure: ShowFigure): Markup | undefined {
  if (!html) return undefined;
  const content = html(report, figure);
  if (!content) return markup`\n`;
  const number = count?.(report) || undefined;
  const beside = number === undefined ? undefined : markup` <span class="count">${number}</span>`;
  return markup`<section id="${id}"><h2>${heading}${beside}</h2>${content}</section>\n`;
}
