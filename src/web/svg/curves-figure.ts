/**
 * The loss curves of the baseline and the latest keeps, over the share of the budget or over steps.
 */
import type { Curves, NamedCurve } from '../../core/views/report/curves.ts';
import { type Markup, markup } from '../markup.ts';
import type { FigureShape } from './progress-figure.ts';
import { formatTick, linear, type Scale, ticks } from './scale.ts';
import { fitText } from './text-width.ts';

const font = 13.5;
const rowHeight = 22;
const top = 20;

/** Sizes in pixels. Phones get a figure of their own, since the wide one, scaled down, would be too small to read. */
const frames = {
  wide: { width: 960, left: 74, right: 936, bottom: 300, columns: 2, tickCount: 8 },
  narrow: { width: 362, left: 44, right: 336, bottom: 240, columns: 1, tickCount: 4 },
} as const;

type Frame = (typeof frames)[FigureShape];

/** The figure as one SVG element, its legend below. */
export function curvesFigure({ unit, curves }: Curves, shape: FigureShape): Markup {
  const plot = frames[shape];
  const { width } = plot;
  const points = curves.flatMap((curve) => curve.points);
  const last = Math.max(...points.map(({ at }) => at));
  const x = linear(0, unit === 'share' ? Math.max(1, last) : last, plot.left, plot.right);
  const [low, high] = lossRange(curves);
  const y = linear(low, high, plot.bottom, top);
  const losses = ticks(y.low, y.high, 6);
  const xTicks = ticks(x.low, x.high, plot.tickCount);
  const nameOf = (tick: number) => (unit === 'share' ? `${Math.round(tick * 100)} %` : formatTick(tick, xTicks));
  const height = plot.bottom + 52 + Math.ceil(curves.length / plot.columns) * rowHeight;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="fig curves" viewBox="0 0 ${width} ${height}" font-size="${font}" role="img" aria-label="Training loss of ${curves.length} experiments">
<rect class="bg" width="${width}" height="${height}"/>
${losses.map((loss) => markup`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y.at(loss)}" y2="${y.at(loss)}"/><text class="quiet" text-anchor="end" x="${plot.left - 8}" y="${y.at(loss) + 5}">${formatTick(loss, losses)}</text>`)}
<line class="axis" x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}"/>
${xTicks.map((tick) => markup`<text class="quiet" text-anchor="middle" x="${x.at(tick)}" y="${plot.bottom + 20}">${nameOf(tick)}</text>`)}
<svg x="${plot.left}" y="${top - 6}" width="${plot.right - plot.left}" height="${plot.bottom - top + 6}" viewBox="${plot.left} ${top - 6} ${plot.right - plot.left} ${plot.bottom - top + 6}" overflow="hidden">${curves.map((curve, index) => line(curve, index, x, y))}</svg>
${curves.map((curve, index) => legend(curve, index, plot))}
</svg>`;
}

/** The range without the first tenth of each curve, whose high losses would flatten the rest of the figure. */
function lossRange(curves: readonly NamedCurve[]): [number, number] {
  const late = curves.flatMap(({ points }) => points.slice(Math.floor(points.length / 10)).map(({ loss }) => loss));
  const low = Math.min(...late);
  const high = Math.max(...late);
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - margin, high + margin];
}

function line({ points, experiment }: NamedCurve, index: number, x: Scale, y: Scale): Markup {
  const path = points.map(({ at, loss }, index) => `${index === 0 ? 'M' : 'L'}${x.at(at)} ${y.at(loss)}`).join('');
  return markup`<path class="curve s${index}" data-experiment="${experiment}" d="${path}"/>`;
}

function legend({ experiment, title }: NamedCurve, index: number, { left, right, bottom, columns }: Frame): Markup {
  const column = (right - left) / columns;
  const start = left + (index % columns) * column;
  const baseline = bottom + 48 + Math.floor(index / columns) * rowHeight;
  const name = fitText(experiment === 0 ? title : `${experiment}. ${title}`, (column - 38) / font);
  return markup`<path class="curve s${index}" d="M${start} ${baseline - 4}h22"/><text x="${start + 30}" y="${baseline}">${name}</text>`;
}
