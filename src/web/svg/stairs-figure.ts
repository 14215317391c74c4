/**
 * The staircases of several studies in one figure.
 */
import type { Progress } from '../../core/views/report/progress.ts';
import { type Markup, markup } from '../markup.ts';
import { formatTick, linear, type Scale, ticks, wholeTicks } from './scale.ts';
import { fitText } from './text-width.ts';

const [width, font] = [960, 13.5] as const;
const plot = { left: 74, right: 936, top: 24, bottom: 300 } as const;
const rowHeight = 22;

/** Studies that a figure tells apart. */
export const maxStairs = 6;

/** The figure as one SVG element, its legend below; undefined while no study has a score. */
export function stairsFigure(all: readonly Progress[]): Markup | undefined {
  const studies = all.slice(0, maxStairs);
  const values = studies.flatMap(({ steps }) => steps.map(({ value }) => value));
  if (values.length === 0) return undefined;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  const longest = Math.max(1, ...studies.map(({ attempts }) => attempts.length - 1));
  const x = linear(0, longest, plot.left, plot.right);
  const y = linear(low - margin, high + margin, plot.bottom, plot.top);
  const [across, up] = [wholeTicks(0, longest, 10), ticks(y.low, y.high, 6)];
  const height = plot.bottom + 62 + studies.length * rowHeight;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="fig stairs" viewBox="0 0 ${width} ${height}" font-size="${font}" role="img" aria-label="best so far of ${studies.length} studies">
<rect class="bg" width="${width}" height="${height}"/>
${up.map((value) => markup`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y.at(value)}" y2="${y.at(value)}"/><text class="quiet" text-anchor="end" x="${plot.left - 8}" y="${y.at(value) + 5}">${formatTick(value, up)}</text>`)}
<line class="axis" x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}"/>
${across.map((number) => markup`<text class="quiet" text-anchor="middle" x="${x.at(number)}" y="${plot.bottom + 20}">${number}</text>`)}<text class="quiet" text-anchor="middle" x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 40}">experiment</text>
${studies.map((study, index) => stairs(study, index, x, y))}${studies.map(legend)}
</svg>`;
}

function stairs({ steps, attempts }: Progress, index: number, x: Scale, y: Scale): Markup | undefined {
  const [first, ...rest] = steps;
  if (!first) return undefined;
  const path = rest.map(({ experiment, value }) => `H${x.at(experiment)}V${y.at(value)}`).join('');
  const end = x.at(Math.max(1, attempts.length - 1));
  return markup`<path class="curve s${index}" d="M${x.at(first.experiment)} ${y.at(first.value)}${path}H${end}m-3 0h6m-3 -3v6"/>`;
}

function legend({ tag }: Progress, index: number): Markup {
  const start = plot.left;
  const baseline = plot.bottom + 66 + index * rowHeight;
  return markup`<path class="curve s${index}" d="M${start} ${baseline - 4}h22"/><text x="${start + 30}" y="${baseline}">${fitText(tag, 40)}</text>`;
}
