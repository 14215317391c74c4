/**
 * What the tried values of each knob scored, and how all knobs together lie, for figures of them.
 */
import type { Goal } from '../base/metric.ts';
import type { ExperimentRow, ExperimentStatus } from '../journal/experiment-row.ts';
import type { History } from '../journal/history.ts';
import type { KnobValue } from '../space/knob.ts';
import { formatNumber } from '../space/number-text.ts';
import { valueAt } from '../space/scale.ts';
import { journalledKnobs, knobsSet } from '../space/trials/journalled-knobs.ts';
import { placesOf, scaleOf } from '../space/trials/knob-places.ts';
import { knobName } from '../space/trials/trials.ts';

/** A value on an axis, at a share of its length from 0 to 1. */
export interface AxisMark {
  readonly place: number;
  readonly text: string;
}

export interface KnobAxis {
  /** `file:KNOB`. */
  readonly key: string;
  readonly name: string;
  /** Distinct values that were tried. */
  readonly tried: number;
  readonly marks: readonly AxisMark[];
  /** By experiment, where its value lies; undefined where it is not known. */
  readonly places: readonly (number | undefined)[];
}

export interface KnobView {
  readonly metric: string;
  readonly goal: Goal;
  readonly decimals: number;
  /** By experiment. */
  readonly scores: readonly (number | null)[];
  readonly statuses: readonly ExperimentStatus[];
  readonly incumbent: number;
  /** The knobs that had more than one value, the most telling first. */
  readonly axes: readonly KnobAxis[];
}

/** Texts on an axis of values in no order. */
const maxTexts = 12;

/** The view; `order` has the keys of the knobs that are known to matter, the one that matters most first. */
export function knobView(
  history: History,
  rows: readonly ExperimentRow[],
  decimals: number,
  order: readonly string[] = [],
): KnobView {
  const known = journalledKnobs(history);
  const axes = [...knobsSet(known)]
    .map((key) =>
      axisOf(
        key,
        rows.map(({ experiment }) => known.get(experiment)?.[key]),
      ),
    )
    .filter(({ tried }) => tried > 1);
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return {
    metric: history.frozen.metric.name,
    goal: history.frozen.metric.goal,
    decimals,
    scores: rows.map(({ metric }) => metric),
    statuses: rows.map(({ status }) => status),
    incumbent: history.incumbent,
    axes: axes.sort((a, b) => rank(a.key) - rank(b.key) || b.tried - a.tried),
  };
}

function axisOf(key: string, values: readonly (KnobValue | undefined)[]): KnobAxis {
  const distinct = [...new Set(values.flatMap((value) => (value === undefined ? [] : [JSON.stringify(value)])))];
  const common = { key, name: knobName(key), tried: distinct.length };
  const isNumeric = values.every((value) => value === undefined || typeof value === 'number');
  return { ...common, ...(isNumeric ? numbers(values) : texts(values, distinct)) };
}

type Placed = Pick<KnobAxis, 'marks' | 'places'>;

function numbers(values: readonly (KnobValue | undefined)[]): Placed {
  const scale = scaleOf(values);
  const places = placesOf(values).map((place) => (typeof place === 'number' ? place : undefined));
  const isWhole = values.every((value) => value === undefined || Number.isInteger(value));
  const marked = scale.low === scale.high ? [0] : [0, 0.5, 1];
  const marks = marked.map((place) => ({ place, value: valueAt(scale, place) }));
  // Half a layer is no value.
  const told = marks.filter(({ place, value }) => place !== 0.5 || !isWhole || Number.isInteger(value));
  // 1020 is no batch that was tried where 1024 is.
  const text = (value: number) => (isWhole ? formatNumber(Math.round(value)) : rounded(value));
  return { places, marks: told.map(({ place, value }) => ({ place, text: text(value) })) };
}

function rounded(value: number): string {
  return formatNumber(Number(value.toPrecision(3)));
}

/** Values in no order, evenly apart in the order in which they were first tried. */
function texts(values: readonly (KnobValue | undefined)[], distinct: readonly string[]): Placed {
  const placeOf = new Map(distinct.map((text, index) => [text, (index + 0.5) / distinct.length]));
  return {
    places: values.map((value) => (value === undefined ? undefined : placeOf.get(JSON.stringify(value)))),
    marks: distinct
      .slice(0, maxTexts)
      .map((text) => ({ place: placeOf.get(text) ?? 0, text: text.replace(/^"|"$/g, '') })),
  };
}
