/**
 * Parallel coordinates: each experiment is a line through its knobs' values to its score.
 */
import type { KnobAxis, KnobView } from '../../core/views/knob-view.ts';
import { type Markup, markup } from '../markup.ts';
import { formatTick, linear, ticks } from './scale.ts';
import { fitText } from './text-width.ts';

const [width, height, font] = [960, 340, 12.5] as const;
const plot = { left: 60, right: 880, top: 46, bottom: 286 } as const;

/** Axes that can be told apart, and lines. */
const maxAxes = 8;
const maxLines = 300;

export interface ParallelFigure {
  readonly figure: Markup;
  /** Experiments that are drawn, of those that have a score. */
  readonly drawn: number;
  readonly scored: number;
}

/** The figure of the first axes, with the best quarter of the scores told apart; undefined for a study without knobs. */
export function parallelFigure(view: KnobView, range: readonly [number, number]): ParallelFigure | undefined {
  const axes = view.axes.slice(0, maxAxes);
  if (axes.length === 0) return undefined;
  const scored = view.scores.flatMap((score, experiment) => (score === null ? [] : [{ experiment, score }]));
  const sign = view.goal === 'minimize' ? 1 : -1;
  const ranked = [...scored].sort((a, b) => sign * (a.score - b.score));
  const chosen = ranked.length <= maxLines ? ranked : thinned(ranked);
  const best = new Set(ranked.slice(0, Math.ceil(ranked.length / 4)).map(({ experiment }) => experiment));
  const y = linear(range[0], range[1], plot.bottom, plot.top);
  const xOf = (index: number) => plot.left + (index * (plot.right - plot.left)) / axes.length;
  const line = ({ experiment, score }: (typeof scored)[number]) => {
    const path = pathOf(axes, experiment, xOf);
    const end = Math.min(plot.bottom, Math.max(plot.top, y.at(score)));
    const kind = experiment === view.incumbent ? 'of-incumbent' : best.has(experiment) ? 'of-best' : 'of-rest';
    return path === '' ? undefined : markup`<path class="thread ${kind}" d="${path}L${plot.right} ${end}"/>`;
  };
  // The worst first, so that the best lie on top.
  const lines = [...chosen].reverse().map(line);
  const own = scored.filter(({ experiment }) => experiment === view.incumbent).map(line);
  const figure = markup`<svg xmlns="http://www.w3.org/2000/svg" class="fig parallel" viewBox="0 0 ${width} ${height}" font-size="${font}" role="img" aria-label="knobs and ${view.metric} of ${chosen.length} experiments">
<rect class="bg" width="${width}" height="${height}"/>${lines}${own}
${axes.map((axis, index) => axisLine(axis, xOf(index), axes.length))}${scoreAxis(view, y, range)}
</svg>`;
  return { figure, drawn: chosen.length, scored: scored.length };
}

/** The best third of the lines, and the others evenly from all that follow. */
function thinned<Item>(ranked: readonly Item[]): Item[] {
  const first = Math.round(maxLines / 3);
  const [best, rest] = [ranked.slice(0, first), ranked.slice(first)];
  const stride = rest.length / (maxLines - first);
  return [...best, ...Array.from({ length: maxLines - first }, (_, index) => rest[Math.floor(index * stride)])].filter(
    (each) => each !== undefined,
  );
}

/** Empty where none of its values is known. */
function pathOf(axes: readonly KnobAxis[], experiment: number, xOf: (index: number) => number): string {
  const points = axes.flatMap(({ places }, index) => {
    const place = places[experiment];
    return place === undefined
      ? []
      : [`${xOf(index).toFixed(1)} ${(plot.bottom - place * (plot.bottom - plot.top)).toFixed(1)}`];
  });
  return points.length === 0 ? '' : `M${points.join('L')}`;
}

function axisLine({ name, marks }: KnobAxis, x: number, count: number): Markup {
  const room = (plot.right - plot.left) / count / font - 0.6;
  const texts = marks.map(
    ({ place, text }) =>
      markup`<text class="quiet halo" x="${x + 5}" y="${plot.bottom - place * (plot.bottom - plot.top) + (place === 1 ? 12 : place === 0 ? -4 : 4)}">${fitText(text, Math.max(3, room))}</text>`,
  );
  return markup`<line class="axis" x1="${x}" x2="${x}" y1="${plot.top}" y2="${plot.bottom}"/><text class="strongest" text-anchor="middle" x="${x}" y="${plot.bottom + 22}">${fitText(name, room)}</text>${texts}`;
}

function scoreAxis({ metric }: KnobView, y: ReturnType<typeof linear>, range: readonly [number, number]): Markup {
  const values = ticks(range[0], range[1], 5);
  const texts = values.map(
    (value) =>
      markup`<text class="quiet" x="${plot.right + 8}" y="${y.at(value) + 4}">${formatTick(value, values)}</text>`,
  );
  return markup`<line class="axis" x1="${plot.right}" x2="${plot.right}" y1="${plot.top}" y2="${plot.bottom}"/><text class="strongest" text-anchor="middle" x="${plot.right}" y="${plot.bottom + 22}">${fitText(metric, 10)}</text>${texts}`;
}
