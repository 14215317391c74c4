/**
 * The morning report as one HTML file: no script, no request, everything inline, so that it opens anywhere and for ever.
 */
import { figuresOf } from '../../core/views/report/figures.ts';
import type { Report } from '../../core/views/report/report.ts';
import { type Markup, markup } from '../markup.ts';
import { figureStyle } from '../svg/figure-style.ts';
import { progressFigure } from '../svg/progress-figure.ts';
import { figureShower } from './figure-text.ts';
import { headlineSection } from './headline.ts';
import { heldOutSection } from './held-out.ts';
import { keptSection } from './kept.ts';
import * as sections from './sections.ts';
import { pageStyle } from './style.ts';

/** Nothing may run or load: text by models and scripts is escaped, and this is the second lock. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The whole file. */
export function reportPage(report: Report): string {
  const figure = figureShower(figuresOf(report));
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
${keptSection(report, figure)}
${sections.nearMissesSection(report, figure)}
${sections.failuresSection(report)}
${sections.armsSection(report)}
${sections.importanceSection(report)}
${sections.rangesSection(report)}
${sections.insightsSection(report)}
${sections.curvesSection(report)}
${sections.suggestionsSection(report)}
${sections.expenseSection(report, figure)}
${heldOutSection(report)}
${sections.noiseSection(report, figure)}
${sections.machineSection(report)}
${sections.reproduceSection(report)}
${sections.attemptsSection(report, figure)}
</main>
</body>
</html>
`;
  return page.markup;
}
