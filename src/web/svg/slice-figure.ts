/**
 * The scores of all experiments over the values of one knob.
 */
import type { KnobAxis, KnobView } from '../../core/views/knob-view.ts';
import { type Markup, markup } from '../markup.ts';
import type { LinkOf } from './progress-marks.ts';
import { formatTick, linear, type Scale, ticks } from './scale.ts';
import { fitText } from './text-width.ts';

const [width, height, font] = [380, 210, 12] as const;
const plot = { left: 58, right: 366, top: 30, bottom: 168 } as const;

/** Marks beyond which the reverted ones are drawn as one path, to keep the page small. */
const maxSingleMarks = 600;

/** The figure as one SVG element; scores beyond this range lie on its edge. */
export function sliceFigure(view: KnobView, axis: KnobAxis, range: readonly [number, number], linkOf: LinkOf): Markup {
  const x = linear(0, 1, plot.left + 8, plot.right - 8);
  const y = linear(range[0], range[1], plot.bottom, plot.top);
  const values = ticks(range[0], range[1], 4);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="fig slice" viewBox="0 0 ${width} ${height}" font-size="${font}" role="group" aria-label="${view.metric} over ${axis.name}, ${axis.tried} values">
<rect class="bg" width="${width}" height="${height}"/><text class="title" x="${plot.left}" y="18" font-size="${font + 1}">${fitText(axis.name, 24)}</text>
${values.map((value) => markup`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y.at(value)}" y2="${y.at(value)}"/><text class="quiet" text-anchor="end" x="${plot.left - 6}" y="${y.at(value) + 4}">${formatTick(value, values)}</text>`)}
<line class="axis" x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}"/>${marksBelow(axis, x)}
${dots(view, axis, x, y, linkOf)}
</svg>`;
}

function marksBelow({ marks }: KnobAxis, x: Scale): Markup {
  const room = (plot.right - plot.left) / Math.max(1, marks.length) / font;
  const anchor = (place: number) => (place === 0 ? 'start' : place === 1 ? 'end' : 'middle');
  return markup`${marks.map(({ place, text }) => markup`<text class="quiet" text-anchor="${anchor(place)}" x="${x.at(place)}" y="${plot.bottom + 18}">${fitText(text, room)}</text>`)}`;
}

function dots(
  { scores, statuses, incumbent }: KnobView,
  { places }: KnobAxis,
  x: Scale,
  y: Scale,
  linkOf: LinkOf,
): Markup {
  const placed = scores.flatMap((score, experiment) => {
    const place = places[experiment];
    if (score === null || place === undefined) return [];
    const cy = Math.min(plot.bottom, Math.max(plot.top, y.at(score)));
    return [{ experiment, cx: x.at(place), cy, isKept: statuses[experiment] === 'kept' || experiment === 0 }];
  });
  const minor = placed.filter(({ isKept, experiment }) => !isKept && experiment !== incumbent);
  const major = placed.filter(({ isKept, experiment }) => isKept || experiment === incumbent);
  const dot = ({ experiment, cx, cy }: (typeof placed)[number]) => {
    const kind =
      experiment === incumbent || statuses[experiment] === 'kept' ? 'kept' : experiment === 0 ? 'baseline' : 'reverted';
    const circle = markup`<circle class="${kind}" cx="${cx}" cy="${cy}" r="${experiment === incumbent ? 6 : 4}"/>`;
    return linkOf
      ? markup`<a href="${linkOf(experiment)}" aria-label="experiment ${experiment}">${circle}</a>`
      : circle;
  };
  const crowd =
    minor.length > maxSingleMarks
      ? markup`<path class="crowd" d="${minor.map(({ cx, cy }) => `M${cx} ${cy}h0`).join('')}"/>`
      : minor.map(dot);
  return markup`${crowd}${major.map(dot)}`;
}
