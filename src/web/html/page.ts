/**
 * The morning report as one HTML file: no script, no request, everything inline, so that it opens anywhere and for
 * ever.
 */
import type { Report } from '../../core/views/report/report.ts';
import { figuresOf } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { reportSections } from '../report-sections.ts';
import { figureStyle } from '../svg/figure-style.ts';
import { figureShower } from './figure-text.ts';
import { headlineSection } from './headline.ts';
import { progressBlock, sectionBlock } from './parts.ts';
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
${progressBlock(report.progress, (experiment) => `#e${experiment}`)}
${reportSections.map((section) => sectionBlock(section, report, figure))}</main>
</body>
</html>
`;
  return page.markup;
}
