/**
 * The loss curves of the baseline and the latest keeps, over the share of the budget or over steps.
 */
import type { Curves, NamedCurve } from '../../core/views/report/curves.ts';
import { type Markup, markup } from '../markup.ts';
import { formatTick, linear, type Scale, ticks } from './scale.ts';
import { fitText } from './text-width.ts';

const width = 960;
const plot = { left: 74, right: 936, top: 20, bottom: 300 };
const font = 13.5;
const rowHeight = 22;

/** The figure as one SVG element, its legend below. */
export function curvesFigure({ unit, curves }: Curves): Markup {
  const points = curves.flatMap((curve) => curve.points);
  const last = Math.max(...points.map(({ at }) => at));
  const x = linear(0, unit === 'share' ? Math.max(1, last) : last, plot.left, plot.right);
  const [low, high] = lossRange(curves);
  const y = linear(low, high, plot.bottom, plot.top);
  const losses = ticks(y.low, y.high, 6);
  const places = ticks(x.low, x.high, 8);
  const nameOf = (place: number) => (unit === 'share' ? `${Math.round(place * 100)} %` : formatTick(place, places));
  const height = plot.bottom + 52 + Math.ceil(curves.length / 2) * rowHeight;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="fig curves" viewBox="0 0 ${width} ${height}" font-size="${font}" role="img" aria-label="Training loss of ${curves.length} experiments">
<rect class="bg" width="${width}" height="${height}"/>
${losses.map((loss) => markup`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y.at(loss)}" y2="${y.at(loss)}"/><text class="quiet" text-anchor="end" x="${plot.left - 8}" y="${y.at(loss) + 5}">${formatTick(loss, losses)}</text>`)}
<line class="axis" x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}"/>
${places.map((place) => markup`<text class="quiet" text-anchor="middle" x="${x.at(place)}" y="${plot.bottom + 20}">${nameOf(place)}</text>`)}
${curves.map((curve, index) => line(curve, index, x, y))}${curves.map((curve, index) => legend(curve, index))}
</svg>`;
}

/** The first tenth of a curve falls from where nothing is learnt yet; it must not flatten the rest. */
function lossRange(curves: readonly NamedCurve[]): [number, number] {
  const late = curves.flatMap(({ points }) => points.slice(Math.floor(points.length / 10)).map(({ loss }) => loss));
  const low = Math.min(...late);
  const high = Math.max(...late);
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - margin, high + margin];
}

function line({ points, experiment }: NamedCurve, index: number, x: Scale, y: Scale): Markup {
  const clamp = (place: number) => Math.max(plot.top - 6, Math.min(plot.bottom, place));
  const path = points
    .map(({ at, loss }, place) => `${place === 0 ? 'M' : 'L'}${x.at(at)} ${clamp(y.at(loss))}`)
    .join('');
  return markup`<path class="curve s${index}" data-experiment="${experiment}" d="${path}"/>`;
}

function legend({ experiment, title }: NamedCurve, index: number): Markup {
  const left = plot.left + (index % 2) * 440;
  const top = plot.bottom + 48 + Math.floor(index / 2) * rowHeight;
  return markup`<path class="curve s${index}" d="M${left} ${top - 4}h22"/><text x="${left + 30}" y="${top}">${fitText(experiment === 0 ? title : `${experiment}. ${title}`, 29)}</text>`;
}
