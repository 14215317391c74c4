/**
 * The names of kept experiments, above the plot: slanted titles where there is room, numbers where there is not.
 */
import type { Progress } from '../../core/views/report/progress.ts';
import { type Markup, markup } from '../markup.ts';
import { placeLabels } from './label-layout.ts';
import type { Plot } from './progress-marks.ts';
import { fitText, textWidth } from './text-width.ts';

const slant = 48;
const cosine = Math.cos((slant * Math.PI) / 180);
const sine = Math.sin((slant * Math.PI) / 180);

/** Width of a title in ems: about 36 characters. */
const maxEms = 20.5;

interface Name {
  readonly experiment: number;
  readonly value: number;
  readonly text: string;
  /** How much this step gained. */
  readonly weight: number;
}

export interface Labels {
  readonly names: readonly Name[];
  readonly draw: (plot: Plot) => Markup;
}

/** The labels of a figure of this shape. */
export function labelsOf(progress: Progress, { shape, font }: { shape: 'wide' | 'narrow'; font: number }): Labels {
  const kept = progress.attempts.flatMap(({ experiment, status, mean }) =>
    status === 'kept' && mean !== null ? [{ experiment, value: mean }] : [],
  );
  const first = progress.steps.slice(0, 1);
  const names = kept.map((each, index) => ({
    ...each,
    text: nameOf(progress, each.experiment, shape),
    weight: Math.abs(each.value - ([...first, ...kept][index]?.value ?? each.value)),
  }));
  return { names, draw: (plot) => draw(names, plot, shape, font) };
}

/** How high the shelf and its labels are. */
export function shelfHeight({ names }: Labels, shape: 'wide' | 'narrow', font: number): number {
  // Room for the metric's name below the title.
  if (names.length === 0) return font;
  if (shape === 'narrow') return 26;
  return Math.max(...names.map(({ text }) => textWidth(text))) * font * sine + 34;
}

function nameOf({ attempts }: Progress, experiment: number, shape: 'wide' | 'narrow'): string {
  if (shape === 'narrow') return String(experiment);
  const title = (attempts[experiment]?.title ?? '').replace(/\s+/g, ' ').trim();
  return fitText(title, maxEms);
}

function draw(names: readonly Name[], plot: Plot, shape: 'wide' | 'narrow', font: number): Markup {
  const isWide = shape === 'wide';
  const items = names.map((name) => {
    const width = textWidth(name.text) * font;
    return { ...name, x: plot.x.at(name.experiment), reach: isWide ? width * cosine : width / 2 };
  });
  const spacing = isWide ? (font * 1.02) / sine : font * 1.7;
  const right = isWide ? plot.right + 70 : plot.right + 8;
  const placed = placeLabels(items, { left: plot.left, right, spacing });
  const shelf = plot.top - 24;
  return markup`${placed.map(({ x, anchor, value, text, experiment }) => {
    const at = Math.round(anchor * 10) / 10;
    const leader = markup`<path class="leader" d="M${x} ${plot.y.at(value) - 8}V${plot.top - 6}L${at} ${shelf + 4}"/>`;
    const turn = isWide ? markup` transform="rotate(-${slant} ${at} ${shelf})"` : markup` text-anchor="middle"`;
    return markup`${leader}<text class="name" data-experiment="${experiment}" x="${isWide ? at + 3 : at}" y="${shelf}"${turn}>${text}</text>`;
  })}`;
}
