/**
 * What a search asks its optimiser: the space, the trials that lie in it, those in flight, and a seed.
 *
 * Plain data, so that any process can answer the same question at any time. A tuple is one number for each item, and a
 * knob that has no effect in a trial, because of another knob's value, has its current value there.
 */
import { hashText } from '../../base/random.ts';
import { type Dimension, type KnobValue, type Space, sameValue } from '../knob.ts';
import type { KnobValues } from '../knob-change.ts';
import type { Setting } from '../knob-proposal.ts';
import { isActive } from '../range/conditions.ts';
import { knobKey, type Trials } from '../trials/trials.ts';
import { type AxisRange, onOwnScale } from './own-scale.ts';
import { fromSearch, type SearchForm, searchForm, stepOf, toSearch } from './search-form.ts';

export type SamplerName = 'automatic' | 'gp' | 'tpe';

type Places = Readonly<Record<string, number>>;

export interface SearchQuestion {
  readonly sampler: SamplerName;
  readonly seed: number;
  /** Numbers of trials may lie beyond the bounds, those of an answer never do. */
  readonly space: readonly ({
    readonly name: string;
    readonly spread?: readonly [down: number, up: number];
  } & SearchForm)[];
  /** The values in the present source. */
  readonly current: Places;
  /** Each has one score for each run, and none for a failure. */
  readonly trials: readonly { readonly values: Places; readonly scores: readonly number[] }[];
  readonly running: readonly Places[];
  /** Whether the answer may be a point that was tried, to be run once more. */
  readonly mayRepeat: boolean;
}

/** The question for one proposal; trials with a value outside the forms of the space are left out. */
export function searchQuestion(
  space: Space,
  trials: Trials,
  sampler: SamplerName,
  seed: string,
  mayRepeat = false,
): SearchQuestion {
  return {
    sampler,
    seed: hashText(seed),
    space: space.flatMap((dimension) => axesOf(dimension).map((axis) => questioned(axis, dimension))),
    current: placesOf(space, {}) ?? {},
    trials: trials.finished.flatMap(({ values, scores }) => {
      const places = placesOf(space, values);
      return places === undefined ? [] : [{ values: places, scores }];
    }),
    running: trials.running.map((values) => placesOf(space, values)).filter((places) => places !== undefined),
    mayRepeat,
  };
}

/** The form of an axis, with how far the first steps go down and up: standard deviations on the form's own scale. */
function questioned({ name, range }: Axis, { knob: { value }, spread }: Dimension): SearchQuestion['space'][number] {
  const form = { name, ...searchForm(range) };
  if (spread === undefined || typeof value !== 'number' || range.kind === 'choice') return form;
  const steps = [-stepOf(range, value, Math.exp(-spread.down)), stepOf(range, value, Math.exp(spread.up))] as const;
  // No factor moves a zero.
  return steps.every((step) => step === 0) ? form : { ...form, spread: steps };
}

/** The settings of an answer: the values that differ from the source and have an effect. */
export function settingsOf(space: Space, answer: Places): Setting[] {
  const values = new Map(space.map((dimension) => [dimension, valueAt(dimension, answer)]));
  const settingOf = (file: string, name: string) =>
    values.get(space.find(({ knob }) => knob.file === file && knob.name === name) as Dimension);
  return space.flatMap((dimension) => {
    const to = values.get(dimension);
    if (to === undefined || sameValue(to, dimension.knob.value) || !isActive(dimension, space, settingOf)) return [];
    return [{ dimension, to }];
  });
}

/** One number of a dimension: the knob, or an item of its tuple. */
interface Axis {
  readonly name: string;
  readonly range: AxisRange;
  readonly of: (value: KnobValue) => KnobValue | undefined;
}

function axesOf({ knob, range }: Dimension): readonly Axis[] {
  const key = knobKey(knob);
  if (range.kind !== 'tuple') return [{ name: key, range: onOwnScale(range, knob), of: (value) => value }];
  return range.items.map((item, index) => ({
    name: `${key}[${index}]`,
    range: onOwnScale(item, knob),
    of: (value) => (typeof value === 'object' ? value[index] : undefined),
  }));
}

function valueAt(dimension: Dimension, answer: Places): KnobValue | undefined {
  const items = axesOf(dimension).map(({ name, range, of }) => {
    const place = answer[name];
    const now = of(dimension.knob.value);
    // A value that the optimiser did not move is not rounded.
    const isMoved = place !== undefined && (now === undefined || place !== toSearch(range, now));
    return isMoved ? fromSearch(range, place) : now;
  });
  if (dimension.range.kind !== 'tuple') return items[0];
  const numbers = items.filter((item) => typeof item === 'number');
  return numbers.length === items.length ? numbers : undefined;
}

/** The numbers of a configuration; a knob that it lacks, or that has no effect in it, has its value in the source. */
function placesOf(space: Space, values: KnobValues): Places | undefined {
  const places: Record<string, number> = {};
  const settingOf = (file: string, name: string) => values[knobKey({ file, name })];
  for (const dimension of space) {
    const { knob } = dimension;
    const own = values[knobKey(knob)];
    const value = own !== undefined && isActive(dimension, space, settingOf) ? own : knob.value;
    for (const { name, range, of } of axesOf(dimension)) {
      const item = of(value);
      const place = item === undefined ? undefined : toSearch(range, item);
      if (place === undefined) return undefined;
      places[name] = place;
    }
  }
  return places;
}
