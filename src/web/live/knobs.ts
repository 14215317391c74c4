/**
 * What the values of the knobs scored: a slice for each, all of them together, and what each gains.
 */
import type { KnobView } from '../../core/views/knob-view.ts';
import type { Report } from '../../core/views/report/report.ts';
import { figuresOf } from '../figures.ts';
import { figureShower } from '../html/figure-text.ts';
import { sectionBlock } from '../html/parts.ts';
import { type Markup, markup } from '../markup.ts';
import { importanceSection } from '../sections/importance.ts';
import { rangesSection } from '../sections/ranges.ts';
import { parallelFigure } from '../svg/parallel-figure.ts';
import { progressRange } from '../svg/progress-figure.ts';
import { sliceFigure } from '../svg/slice-figure.ts';
import { experimentLink, type Place } from './links.ts';

/** Knobs that have a slice of their own. */
const maxSlices = 24;

/** The page's content. */
export function knobsPage(place: Place, view: KnobView, report: Report): Markup {
  const figure = figureShower(figuresOf(report), report.decimals);
  const head = markup`<h1 class="small">Knobs</h1>`;
  if (view.axes.length === 0) return markup`${head}<p>No experiment has set a knob to a value of its own yet.</p>`;
  const range = progressRange(report.progress);
  const slices = view.axes
    .slice(0, maxSlices)
    .map(
      (axis) =>
        markup`<figure>${sliceFigure(view, axis, range, (experiment) => experimentLink(place, experiment))}</figure>`,
    );
  const more = view.axes.length - maxSlices;
  return markup`${head}<p class="facts">Each dot is an experiment, green the kept ones, the largest the best so far. Scores far worse than the baseline lie on the edge.</p>
<div class="slices">${slices}</div>${more > 0 ? markup`<p class="facts">${more} more knobs are in the table of experiments.</p>` : undefined}
${parallelSection(view, range)}${sectionBlock(importanceSection, report, figure)}${sectionBlock(rangesSection, report, figure)}`;
}

function parallelSection(view: KnobView, range: readonly [number, number]): Markup | undefined {
  const parallel = parallelFigure(view, range);
  if (!parallel) return undefined;
  const { figure, drawn, scored } = parallel;
  const thinned = drawn < scored ? ` ${drawn} of ${scored} are drawn: the best, and some of the others.` : '';
  return markup`<section id="parallel"><h2>All knobs together</h2><p class="facts">A line for each experiment; green are the best quarter, and thick the best so far.${thinned}</p><div class="scroll" tabindex="0" role="region" aria-label="parallel coordinates"><div class="across">${figure}</div></div></section>`;
}
