/**
 * Ranges that shrink or shift around the best trials, and become whole again on a plateau.
 *
 * A pure function of the history decides, and its decision is journalled before it is used, so a resumed study decides
 * the same. Only numbers on a scale are narrowed, and never so far that the current value or more than 60 % of the
 * scale is lost.
 */
import type { History, SpaceChange } from '../../journal/history.ts';
import { isPlateau, type Lately } from '../../journal/plateau.ts';
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

/** Trials before the first decision, and between two decisions. */
const firstDecision = 40;
const period = 10;
/** Share of the trials that count as the best. */
const bestShare = 0.25;
/** Room that is left on each side of the best trials, and the least width of a range; shares of the whole scale. */
const margin = 0.15;
const minWidth = 0.4;
/** A bound that would move by less than this share of the scale stays where it is. */
const minMove = 0.1;
/**
 * Trials that must lie beyond a new bound: only a part of the range that was tried, and is not among the best, is
 * closed.
 */
const minOutside = 3;

/** The space with the ranges of the decisions so far: each lies within the given one and contains the current value. */
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

/** Whether there may be enough trials for a decision before this experiment: only then need they be read. */
export function isNarrowingDue({ spaceChanges }: Pick<History, 'spaceChanges'>, experiment: number): boolean {
  return spaceChanges.at(-1)?.experiment !== experiment && experiment >= dueTrials(spaceChanges);
}

function dueTrials(spaceChanges: readonly SpaceChange[]): number {
  return Math.max(firstDecision, (spaceChanges.at(-1)?.trials ?? 0) + period);
}

/** The change of ranges to make before this experiment is proposed; undefined for none. */
export function decideNarrowing(
  space: Space,
  finished: readonly Trial[],
  { spaceChanges, sinceKeep, unsettled = [] }: Pick<History, 'spaceChanges'> & Lately,
  experiment: number,
): SpaceChange | undefined {
  const trials = finished.length;
  if (!isNarrowingDue({ spaceChanges }, experiment) || trials < dueTrials(spaceChanges)) return undefined;
  const now = narrowedSpace(space, { spaceChanges });
  if (isPlateau({ sinceKeep, unsettled })) {
    const reason = `no gain in ${sinceKeep - unsettled.length} experiments: the ranges are open again`;
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

/** The change, undefined when no range would differ. A dimension that `narrow` does not narrow gets its whole range. */
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
      .map((value) => scaleShareOf(range, value));
  const shares = [scaleShareOf(range, knob.value), ...sharesOf(best)];
  const [bottom, top] = widen(Math.min(...shares) - margin, Math.max(...shares) + margin);
  // A part of the range with fewer than 3 trials is not known to be worse, so it stays open.
  const tried = sharesOf(all);
  const low = tried.filter((share) => share < bottom).length < minOutside ? 0 : bottom;
  const high = tried.filter((share) => share > top).length < minOutside ? 1 : top;
  if (high - low > 1 - minMove) return undefined;
  const narrowed = rangeBetween(range, low, high);
  return rangeContains(narrowed, knob.value) ? narrowed : undefined;
}

function widen(low: number, high: number): readonly [number, number] {
  const missing = Math.max(0, minWidth - (high - low)) / 2;
  const [bottom, top] = [low - missing, high + missing];
  // Where the range would go beyond one end of the scale, it is moved back inside.
  const shift = bottom < 0 ? -bottom : top > 1 ? 1 - top : 0;
  return [Math.max(0, bottom + shift), Math.min(1, top + shift)];
}

function differs(whole: Range, from: Range, to: Range): boolean {
  if (!isScaled(whole) || !isScaled(from) || !isScaled(to)) return false;
  const moved = (a: number, b: number) => Math.abs(scaleShareOf(whole, a) - scaleShareOf(whole, b));
  const isWhole = sameValue([to.low, to.high], [whole.low, whole.high]);
  const least = isWhole ? 0 : minMove;
  return moved(from.low, to.low) > least || moved(from.high, to.high) > least;
}

/** A range with an extra zero, which has no place on the scale, stays whole. */
function isScaled(range: Range): range is ScaledRange {
  return range.kind === 'power-of-two' || ((range.kind === 'int' || range.kind === 'float') && !range.zero);
}

/**
 * The share of the scale below a value. Powers of two are on a logarithmic one, where 0 and less are below all else.
 */
function scaleShareOf(range: ScaledRange, value: number): number {
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
