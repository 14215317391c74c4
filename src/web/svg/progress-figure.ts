/**
 * The progress figure: every attempt as a dot, the best so far as a staircase, names on its steps, failures in a lane
 * of their own. Drawn without a script, so it is the same in a file, a page and a picture.
 */
import { countText, formatAt } from '../../core/base/format.ts';
import type { Progress } from '../../core/views/report/progress.ts';
import { type Markup, markup } from '../markup.ts';
import { figureStyle } from './figure-style.ts';
import { labelsOf, shelfHeight } from './progress-labels.ts';
import { attemptMarks, type LinkOf, type Plot } from './progress-marks.ts';
import { formatTick, linear, ticks, wholeTicks } from './scale.ts';

/** `wide` labels its steps with titles; `narrow` is for phones and labels them with numbers. */
export type FigureShape = 'wide' | 'narrow';

const shapes = {
  wide: { width: 960, plotHeight: 330, left: 74, right: 78, font: 13.5 },
  narrow: { width: 400, plotHeight: 250, left: 58, right: 16, font: 12 },
} as const;

const laneHeight = 24;

/** The figure as one SVG element. */
export function progressFigure(progress: Progress, shape: FigureShape, linkOf: LinkOf): Markup {
  const { width, plotHeight, left, right, font } = shapes[shape];
  const labels = labelsOf(progress, { shape, font });
  const top = 50 + shelfHeight(labels, shape, font);
  const bottom = top + plotHeight;
  const [low, high] = progressRange(progress);
  const plot: Plot = {
    left,
    right: width - right,
    top,
    bottom,
    lane: bottom + laneHeight / 2 + 2,
    x: linear(0, Math.max(1, progress.attempts.length - 1), left + 10, width - right - 10),
    y: linear(low, high, bottom, top),
    font,
  };
  const height = bottom + laneHeight + 52;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="fig progress" viewBox="0 0 ${width} ${height}" font-size="${font}" role="${linkOf ? 'group' : 'img'}" aria-label="${summaryOf(progress)}">
<rect class="bg" width="${width}" height="${height}"/>
<text class="title" x="${left - 46}" y="26" font-size="${font + 3}">${titleOf(progress, shape)}</text>
${frame(plot, progress)}${attemptMarks(progress, plot, linkOf)}${labels.draw(plot)}${endLabel(progress, plot, shape)}
</svg>`;
}

/** The figure as a file of its own, with its style sheet. */
export function progressFile(progress: Progress): string {
  const { markup: svg } = progressFigure(progress, 'wide', undefined);
  const style = `<style>${figureStyle.replaceAll('\n', '')}</style>`;
  return `${svg.replace('>\n', () => `>\n${style}\n`)}\n`;
}

function titleOf({ tag, metric, goal, attempts }: Progress, shape: FigureShape = 'wide'): string {
  const kept = attempts.filter(({ status }) => status === 'kept').length;
  const tried = Math.max(0, attempts.length - 1);
  const counts = `${countText(tried, 'experiment')}, ${kept} kept`;
  if (shape === 'narrow') return counts;
  const better = goal === 'minimize' ? 'lower is better' : 'higher is better';
  return `${tag}: ${metric}, ${counts} (${better})`;
}

function summaryOf(progress: Progress): string {
  const first = progress.steps[0];
  const last = progress.steps.at(-1);
  if (!first || !last) return titleOf(progress);
  return `${titleOf(progress)}: from ${formatAt(first.value, progress.decimals)} to ${formatAt(last.value, progress.decimals)}`;
}

function frame({ left, right, top, lane, x, y, font }: Plot, { metric, attempts }: Progress): Markup {
  const values = ticks(y.low, y.high, 6);
  const numbers = wholeTicks(0, Math.max(1, attempts.length - 1), right - left > 500 ? 10 : 5);
  const failures = attempts.filter((attempt) => attempt.status === 'failed').length;
  const laneTop = lane - laneHeight / 2;
  return markup`<rect class="lane" x="${left}" y="${laneTop}" width="${right - left}" height="${laneHeight}"/>
${values.map((value) => markup`<line class="grid" x1="${left}" x2="${right}" y1="${y.at(value)}" y2="${y.at(value)}"/><text class="quiet" text-anchor="end" x="${left - 8}" y="${y.at(value) + font * 0.35}">${formatTick(value, values)}</text>`)}
<text class="quiet" text-anchor="end" x="${left - 8}" y="${lane + font * 0.35}">failed</text>${failures > 0 ? markup`<text class="quiet" x="${right + 8}" y="${lane + font * 0.35}">${failures}</text>` : undefined}
<line class="axis" x1="${left}" x2="${right}" y1="${laneTop + laneHeight}" y2="${laneTop + laneHeight}"/>
${numbers.map((number) => markup`<text class="quiet" text-anchor="middle" x="${x.at(number)}" y="${laneTop + laneHeight + font + 5}">${number}</text>`)}
<text class="quiet" text-anchor="middle" x="${(left + right) / 2}" y="${laneTop + laneHeight + 2 * font + 10}">experiment</text><text class="quiet" text-anchor="end" x="${left - 8}" y="${top - 12}">${metric.slice(0, 12)}</text>`;
}

/** The value that is claimed, where the staircase ends. */
function endLabel({ steps, decimals }: Progress, { right, y, font }: Plot, shape: FigureShape): Markup | undefined {
  const last = steps.at(-1);
  if (!last || shape === 'narrow') return undefined;
  return markup`<text class="strong" x="${right + 8}" y="${y.at(last.value) + font * 0.35}" data-figure="progress.best" data-value="${last.value}">${formatAt(last.value, decimals)}</text>`;
}

/**
 * The range of values that the figure shows: all of the staircase with its error bars, and of the worse attempts only
 * those that do not flatten it.
 */
export function progressRange({ attempts, steps, goal }: Progress): readonly [number, number] {
  const stepped = new Set(steps.map((step) => step.experiment));
  const stairs = attempts
    .filter(({ experiment }) => stepped.has(experiment))
    .flatMap(({ mean, error }) => (mean === null ? [] : [mean - (error ?? 0), mean + (error ?? 0)]));
  const means = attempts.flatMap(({ mean }) => (mean === null ? [] : [mean])).sort((a, b) => a - b);
  if (means.length === 0) return [0, 1];
  const sign = goal === 'minimize' ? 1 : -1;
  const worst = sign > 0 ? Math.max(...stairs, ...means.slice(0, 1)) : Math.min(...stairs, ...means.slice(-1));
  const best = sign > 0 ? Math.min(...stairs, means[0] ?? worst) : Math.max(...stairs, means.at(-1) ?? worst);
  const usual = quantile(sign > 0 ? means : [...means].reverse(), 0.85);
  // Beyond the baseline at most the height of the staircase is shown, so that a few bad attempts do not flatten it.
  const height = Math.abs(worst - best) || Math.abs(usual - best) || Math.abs(best) * 0.01 || 1;
  const reach = worst + sign * Math.min(height, Math.max(0, sign * (usual - worst)));
  const [low, high] = sign > 0 ? [best, reach] : [reach, best];
  const margin = (high - low || height) * 0.06;
  return [low - margin, high + margin];
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
