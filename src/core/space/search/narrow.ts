/**
 * Ranges that shrink or shift around what worked, and open again when nothing works any more.
 *
 * A pure function of the history decides, and its decision is journalled before it is used, so a resumed study decides the
 * same. Only numbers on a scale are narrowed, never so far that the current value or most of a scale is lost.
 */
import type { History, SpaceChange } from '../../journal/history.ts';
import { isPlateau } from '../../journal/plateau.ts';
import { mean } from '../../statistics/moments.ts';
import {
  type Dimension,
  type ItemRange,
  type Knob,
  type KnobValue,
  type Range,
  type Space,
  sameValue,
} from '../knob.ts';
import { formatRange, readRange } from '../range/parse-range.ts';
import { rangeContains } from '../range/range-contains.ts';
import { type Scale, shareOf, valueAt } from '../scale.ts';
import { knobKey, type Trial } from '../trials/trials.ts';
import { roundWithin } from './search-values.ts';

/** The first decision is made after so many trials, and another one after so many more. */
const firstDecision = 40;
const period = 10;
/** What counts as having worked: the best quarter of the trials. */
const bestShare = 0.25;
/** Room left around what worked, and the least that stays open; shares of the whole scale. */
const margin = 0.15;
const narrowest = 0.4;
/** A bound that would move by less stays where it is. */
const smallestMove = 0.1;
/** What is closed must have been tried so often, and have been no good. */
const leastOutside = 3;

/** The space as the decisions so far have left it: each range within the given one, and around the current value. */
export function narrowedSpace(space: Space, { spaceChanges }: Pick<History, 'spaceChanges'>): Space {
  return space.map((dimension) => {
    const { knob, range } = dimension;
    const change = latestChange(spaceChanges, knob);
    const reading = change && readRange(change.to);
    if (reading?.kind !== 'read') return dimension;
    const narrowed = intersection(range, reading.value);
    return narrowed && rangeContains(narrowed, knob.value) ? { ...dimension, range: narrowed } : dimension;
  });
}

function latestChange(
  spaceChanges: readonly SpaceChange[],
  { file, name }: Knob,
): SpaceChange['changes'][number] | undefined {
  const changes = spaceChanges.flatMap((each) => each.changes);
  return changes.findLast((change) => change.file === file && change.knob === name);
}

/** Whether there may be enough trials for a decision before this experiment, so that they are worth reading. */
export function isNarrowingDue({ spaceChanges }: Pick<History, 'spaceChanges'>, experiment: number): boolean {
  return spaceChanges.at(-1)?.experiment !== experiment && experiment >= dueTrials(spaceChanges);
}

function dueTrials(spaceChanges: readonly SpaceChange[]): number {
  return Math.max(firstDecision, (spaceChanges.at(-1)?.trials ?? 0) + period);
}

/** What to change before this experiment is proposed; undefined for nothing. */
export function decideNarrowing(
  space: Space,
  finished: readonly Trial[],
  { spaceChanges, sinceKeep }: Pick<History, 'spaceChanges' | 'sinceKeep'>,
  experiment: number,
): SpaceChange | undefined {
  const trials = finished.length;
  if (!isNarrowingDue({ spaceChanges }, experiment) || trials < dueTrials(spaceChanges)) return undefined;
  const now = narrowedSpace(space, { spaceChanges });
  if (isPlateau({ sinceKeep })) {
    const reason = `no gain in ${sinceKeep} experiments: the ranges are open again`;
    return changeOf(space, now, () => undefined, { experiment, trials, reason });
  }
  const best = bestOf(finished);
  const reason = `the best ${best.length} of ${trials} trials lie there`;
  return changeOf(space, now, (dimension) => around(dimension, best, finished), { experiment, trials, reason });
}

function bestOf(finished: readonly Trial[]): readonly Trial[] {
  const scored = finished.filter(({ scores }) => scores.length > 0);
  const sorted = scored.toSorted((a, b) => mean(a.scores) - mean(b.scores) || a.experiment - b.experiment);
  return sorted.slice(0, Math.ceil(scored.length * bestShare));
}

/** Undefined when no range would differ. A dimension that is not to be narrowed gets its whole range. */
function changeOf(
  space: Space,
  now: Space,
  narrow: (dimension: Dimension) => ScaledRange | undefined,
  made: Omit<SpaceChange, 'changes'>,
): SpaceChange | undefined {
  const changes = space.flatMap((dimension, index) => {
    const from = now[index]?.range ?? dimension.range;
    const to = narrow(dimension) ?? dimension.range;
    if (!differs(dimension.range, from, to)) return [];
    return [{ file: dimension.knob.file, knob: dimension.knob.name, from: formatRange(from), to: formatRange(to) }];
  });
  return changes.length === 0 ? undefined : { ...made, changes };
}

type ScaledRange = Extract<ItemRange, { kind: 'int' | 'float' | 'power-of-two' }>;

/** The part of the range in which the best trials and the current value lie, with some room. */
function around({ knob, range }: Dimension, best: readonly Trial[], all: readonly Trial[]): ScaledRange | undefined {
  if (!isScaled(range) || typeof knob.value !== 'number') return undefined;
  const sharesOf = (trials: readonly Trial[]) =>
    trials
      .map(({ values }) => values[knobKey(knob)])
      .filter(isNumber)
      .map((value) => placeOf(range, value));
  const shares = [placeOf(range, knob.value), ...sharesOf(best)];
  const [bottom, top] = widen(Math.min(...shares) - margin, Math.max(...shares) + margin);
  // Where nobody has looked yet, nothing is known to be worse.
  const tried = sharesOf(all);
  const low = tried.filter((share) => share < bottom).length < leastOutside ? 0 : bottom;
  const high = tried.filter((share) => share > top).length < leastOutside ? 1 : top;
  if (high - low > 1 - smallestMove) return undefined;
  const narrowed = rangeBetween(range, low, high);
  return rangeContains(narrowed, knob.value) ? narrowed : undefined;
}

function widen(low: number, high: number): readonly [number, number] {
  const missing = Math.max(0, narrowest - (high - low)) / 2;
  const [bottom, top] = [low - missing, high + missing];
  // What sticks out on one side is given back on the other.
  const shift = bottom < 0 ? -bottom : top > 1 ? 1 - top : 0;
  return [Math.max(0, bottom + shift), Math.min(1, top + shift)];
}

function differs(whole: Range, from: Range, to: Range): boolean {
  if (!isScaled(whole) || !isScaled(from) || !isScaled(to)) return false;
  const moved = (a: number, b: number) => Math.abs(placeOf(whole, a) - placeOf(whole, b));
  const isWhole = sameValue([to.low, to.high], [whole.low, whole.high]);
  const least = isWhole ? 0 : smallestMove;
  return moved(from.low, to.low) > least || moved(from.high, to.high) > least;
}

/** A zero of its own has no place on the scale, so such a range stays whole. */
function isScaled(range: Range): range is ScaledRange {
  return range.kind === 'power-of-two' || ((range.kind === 'int' || range.kind === 'float') && !range.zero);
}

/** Powers of two lie on a logarithmic scale; what has no place on one, such as a zero, lies below everything. */
function placeOf(range: ScaledRange, value: number): number {
  const scale = scaleOf(range);
  return shareOf(scale, scale.log ? Math.max(value, Number.MIN_VALUE) : value);
}

function scaleOf(range: ScaledRange): Scale {
  return range.kind === 'power-of-two' ? { ...range, log: true } : range;
}

function rangeBetween(range: ScaledRange, lowShare: number, highShare: number): ScaledRange {
  const scale = scaleOf(range);
  const low = Math.max(range.low, valueAt(scale, lowShare));
  const high = Math.min(range.high, valueAt(scale, highShare));
  if (range.kind === 'power-of-two') {
    return { ...range, low: 2 ** Math.floor(Math.log2(low)), high: 2 ** Math.ceil(Math.log2(high) - 1e-9) };
  }
  if (range.kind === 'int') return { ...range, low: Math.floor(low), high: Math.ceil(high) };
  return { ...range, low: roundWithin(range, low), high: roundWithin(range, high) };
}

function intersection(whole: Range, narrowed: Range): Range | undefined {
  if (!isScaled(whole) || !isScaled(narrowed) || whole.kind !== narrowed.kind) return undefined;
  const [low, high] = [Math.max(whole.low, narrowed.low), Math.min(whole.high, narrowed.high)];
  return low < high ? { ...whole, low, high } : undefined;
}

function isNumber(value: KnobValue | undefined): value is number {
  return typeof value === 'number';
}
