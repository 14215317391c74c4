/**
 * Values out of ranges: drawn at random, or laid out as a grid.
 */

import type { Random } from '../../base/random.ts';
import { drawNormal } from '../../statistics/draw-normal.ts';
import type { ItemRange, KnobValue, PowerRange, Range, ScaleRange, Space, Spread } from '../knob.ts';
import { shareOf, valueAt } from '../scale.ts';

/** Values that a grid takes from a continuous or long range, and from each item of a tuple, whose numbers multiply. */
const gridLevels = 5;
const itemLevels = 3;
/** Points of the largest grid that is finished in a night. */
const maxGridPoints = 64;
/** Standard deviation, as a share of the range, of the half of the draws that stay near the current value. */
const nearbySpread = 0.15;
/** Share of the draws that keep to a knob's spread, where it has one. */
const spreadShare = 0.8;

/**
 * A value from the range that differs from the current one: near it in half of the draws, else anywhere. With a spread it is as near
 * as that says in four of five.
 */
export function drawValue(range: Range, current: KnobValue, random: Random, spread?: Spread): KnobValue {
  for (let round = 0; round < 100; round++) {
    const value = drawOnce(range, current, random, spread);
    if (JSON.stringify(value) !== JSON.stringify(current)) return value;
  }
  return current;
}

/** The values that a grid tries, from low to high. */
export function gridValues(range: Range, levels = gridLevels): readonly KnobValue[] {
  switch (range.kind) {
    case 'choice':
      return range.values;
    case 'tuple':
      return combine(range.items.map((item) => gridValues(item, itemLevels) as readonly number[]));
    case 'power-of-two': {
      const low = Math.log2(range.low);
      return Array.from({ length: Math.log2(range.high) - low + 1 }, (_, index) => 2 ** (low + index));
    }
    default: {
      const isWhole = range.kind === 'int';
      const count = isWhole ? Math.min(levels, range.high - range.low + 1) : levels;
      const values = Array.from({ length: count }, (_, index) => scaleUp(range, index / Math.max(1, count - 1)));
      return [...new Set(range.zero ? [0, ...values] : values)];
    }
  }
}

/**
 * Whether a grid has every value of its space and at most 64 points: only then does it show more than a search would.
 */
export function isSmallGrid(space: Space): boolean {
  const isWhole = space.every(({ range }) => gridValues(range).length === countValues(range));
  return isWhole && space.reduce((product, { range }) => product * countValues(range), 1) <= maxGridPoints;
}

/** Every list with one value from each place; the last place changes fastest. */
function combine(places: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return places.reduce<readonly (readonly number[])[]>(
    (lists, values) => lists.flatMap((list) => values.map((value) => [...list, value])),
    [[]],
  );
}

/** Number of values in a range; infinite for floats. */
export function countValues(range: Range): number {
  switch (range.kind) {
    case 'choice':
      return range.values.length;
    case 'power-of-two':
      return Math.log2(range.high) - Math.log2(range.low) + 1;
    case 'tuple':
      return range.items.reduce((product, item) => product * countValues(item), 1);
    case 'int':
      return range.high - range.low + 1 + (range.zero ? 1 : 0);
    case 'float':
      return Number.POSITIVE_INFINITY;
    default:
      return range satisfies never;
  }
}

/** Every value of a range that has a finite number of them. */
export function allValues(range: Range): readonly KnobValue[] {
  switch (range.kind) {
    case 'tuple':
      return combine(range.items.map((item) => allValues(item) as readonly number[]));
    case 'int': {
      const values = Array.from({ length: range.high - range.low + 1 }, (_, index) => range.low + index);
      return range.zero ? [0, ...values] : values;
    }
    default:
      return gridValues(range);
  }
}

function drawOnce(range: Range, current: KnobValue, random: Random, spread?: Spread): KnobValue {
  if (range.kind === 'choice') return random.pick(range.values);
  if (range.kind === 'tuple') return drawItems(range.items, current, random);
  const isWithin = typeof current === 'number' && current >= range.low && current <= range.high;
  if (spread && isWithin && random.unit() < spreadShare) return multiplied(range, current, factorOf(spread, random));
  if (range.kind === 'power-of-two') return 2 ** random.whole(Math.log2(range.low), Math.log2(range.high));
  if (range.zero && current !== 0 && random.unit() < 0.2) return 0;
  const isNearby = random.unit() < 0.5 && isWithin;
  const share = isNearby ? shareOf(range, current) + nearbySpread * drawNormal(random.unit) : random.unit();
  return scaleUp(range, Math.min(1, Math.max(0, share)));
}

/** A factor whose logarithm is normal about 0, with another width on each side. */
function factorOf({ down, up }: Spread, random: Random): number {
  const size = Math.abs(drawNormal(random.unit));
  return Math.exp(random.unit() * (down + up) < down ? -down * size : up * size);
}

function multiplied(range: ScaleRange | PowerRange, value: number, factor: number): number {
  if (range.kind !== 'power-of-two') return roundWithin(range, value * factor);
  return Math.min(range.high, Math.max(range.low, 2 ** Math.round(Math.log2(value * factor))));
}

function drawItems(items: readonly ItemRange[], current: KnobValue, random: Random): readonly number[] {
  const before = typeof current === 'object' ? current : [];
  return items.map((item, index) => drawOnce(item, before[index] ?? Number.NaN, random) as number);
}

/**
 * The value at a share of the range in [0, 1], with few digits: more would make the diff look more precise than it is.
 */
function scaleUp(range: ScaleRange, share: number): number {
  return roundWithin(range, valueAt(range, share));
}

/** A number rounded to as many digits as the range needs, and moved into the range. */
export function roundWithin(range: ScaleRange, value: number): number {
  const { low, high } = range;
  const rounded = range.kind === 'int' ? Math.round(value) : Number(value.toPrecision(digitsOf(range)));
  return Math.min(high, Math.max(low, rounded));
}

/** Three digits, or more where three would leave fewer than 100 values, as in 0.99..0.9999. */
function digitsOf({ low, high, log }: ScaleRange): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const needed = log
    ? Math.ceil(1 - Math.log10((high / low - 1) / 100))
    : Math.floor(Math.log10(largest)) + 1 - Math.floor(Math.log10((high - low) / 100));
  return Math.min(15, Math.max(3, needed));
}
