/**
 * The marks of the progress figure: dots with error bars, the staircase, arrows for scores outside the figure, crosses
 * for failures.
 */
import { countText, formatAt } from '../../core/base/format.ts';
import type { Attempt, Progress } from '../../core/views/report/progress.ts';
import { type Markup, markup } from '../markup.ts';
import type { Scale } from './scale.ts';

/** Where the mark of an experiment leads; undefined for a figure that is no part of a page. */
export type LinkOf = ((experiment: number) => string) | undefined;

/** The figure's geometry, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The middle of the lane of failures. */
  readonly lane: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly font: number;
}

/** Attempts beyond which the reverted ones are drawn as one path: it looks the same and keeps the file small. */
const maxSingleMarks = 2500;

/** All marks, the important ones on top. */
export function attemptMarks(progress: Progress, plot: Plot, linkOf: LinkOf): Markup {
  const { attempts, decimals } = progress;
  const isCrowded = attempts.length > maxSingleMarks;
  const minor = attempts.filter(({ status }) => status === 'reverted');
  const major = attempts.filter(({ status }) => status === 'kept' || status === 'baseline' || status === 'running');
  const failed = attempts.filter(({ status }) => status === 'failed');
  const linked = (attempt: Attempt, mark: Markup | undefined) => withTitle(attempt, mark, { linkOf, decimals });
  return markup`${isCrowded ? undefined : minor.map((attempt) => errorBar(attempt, plot))}${isCrowded ? crowd(minor, plot) : minor.map((attempt) => linked(attempt, dot(attempt, plot)))}
${staircase(progress, plot)}
${major.map((attempt) => errorBar(attempt, plot))}${major.map((attempt) => linked(attempt, dot(attempt, plot)))}${failed.map((attempt) => linked(attempt, cross(attempt, plot)))}`;
}

interface TitleOptions {
  readonly linkOf: LinkOf;
  readonly decimals: number;
}

function withTitle(attempt: Attempt, mark: Markup | undefined, { linkOf, decimals }: TitleOptions): Markup {
  const { experiment, status, mean } = attempt;
  const data = markup`class="mark" data-experiment="${experiment}" data-status="${status}" data-mean="${mean ?? ''}"`;
  const title = markup`<title>${tooltipOf(attempt, decimals)}</title>`;
  return linkOf
    ? markup`<a href="${linkOf(experiment)}" ${data}>${title}${mark}</a>`
    : markup`<g ${data}>${title}${mark}</g>`;
}

function tooltipOf({ experiment, status, mean, error, runs, title }: Attempt, decimals: number): string {
  const spread = error === null ? '' : ` ± ${formatAt(error, decimals)}`;
  const value = mean === null ? '' : `, ${formatAt(mean, decimals)}${spread} in ${countText(runs, 'run')}`;
  return `${experiment}: ${title.slice(0, 200)} (${status}${value})`;
}

const radii = { baseline: 6, kept: 6, running: 5, reverted: 4, failed: 4, dropped: 4 } as const;

function dot({ experiment, mean, status }: Attempt, plot: Plot): Markup | undefined {
  if (mean === null) return undefined;
  const x = plot.x.at(experiment);
  const y = plot.y.at(mean);
  if (y < plot.top - 1) return arrow(x, plot.top - 4, -1);
  if (y > plot.bottom + 1) return arrow(x, plot.bottom - 4, 1);
  return markup`<circle class="${status}" cx="${x}" cy="${y}" r="${radii[status]}"/>`;
}

/** Marks a score outside the figure: above it for -1, below it for 1. */
function arrow(x: number, y: number, way: 1 | -1): Markup {
  return markup`<path class="beyond" d="M${x - 5} ${y}h10l-5 ${way * 8}z"/>`;
}

function cross({ experiment }: Attempt, { x, lane }: Plot): Markup {
  return markup`<path class="failed" d="M${x.at(experiment) - 4} ${lane - 4}l8 8m0 -8l-8 8"/>`;
}

function errorBar({ experiment, mean, error, status }: Attempt, { x, y, top, bottom }: Plot): Markup | undefined {
  if (mean === null || error === null) return undefined;
  const ends = [y.at(mean - error), y.at(mean + error)].map((end) => Math.max(top, Math.min(bottom, end)));
  const [first = 0, last = 0] = ends;
  if (first === last) return undefined;
  return markup`<line class="bar of-${status}" x1="${x.at(experiment)}" x2="${x.at(experiment)}" y1="${first}" y2="${last}"/>`;
}

function crowd(attempts: readonly Attempt[], { x, y, top, bottom }: Plot): Markup {
  const points = attempts.flatMap(({ experiment, mean }) =>
    mean === null ? [] : `M${x.at(experiment)} ${Math.max(top, Math.min(bottom, y.at(mean)))}h0`,
  );
  return markup`<path stroke="#98a2b0" stroke-opacity=".5" stroke-width="5" stroke-linecap="round" d="${points.join('')}"/>`;
}

function staircase({ steps }: Progress, { x, y, right }: Plot): Markup | undefined {
  const [first, ...rest] = steps;
  if (!first) return undefined;
  const path = rest.map(({ experiment, value }) => `H${x.at(experiment)}V${y.at(value)}`).join('');
  return markup`<path class="best" d="M${x.at(first.experiment)} ${y.at(first.value)}${path}H${right}"/>`;
}
