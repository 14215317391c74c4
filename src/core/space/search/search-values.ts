/**
 * Values out of ranges: drawn at random, or laid out as a grid.
 */

import type { Random } from '../../base/random.ts';
import { drawNormal } from '../../statistics/draw-normal.ts';
import type { ItemRange, KnobValue, Range, ScaleRange, Space } from '../knob.ts';
import { shareOf, valueAt } from '../scale.ts';

/** How many values a grid takes from a continuous or long range; of each item of a tuple fewer, as they multiply. */
const gridLevels = 5;
const itemLevels = 3;
/** A grid of more points is not finished in a night. */
const mostGridPoints = 64;
/** Half of the draws stay near the current value; their spread is this share of the range. */
const nearbySpread = 0.15;

/** A value from the range that differs from the current one: near it half of the time, else anywhere. */
export function drawValue(range: Range, current: KnobValue, random: Random): KnobValue {
  for (let round = 0; round < 100; round++) {
    const value = drawOnce(range, current, random);
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

/** A grid that holds every value of its space and is walked in a night: only then does it learn what a search would not. */
export function isSmallGrid(space: Space): boolean {
  const isWhole = space.every(({ range }) => gridValues(range).length === countValues(range));
  return isWhole && space.reduce((product, { range }) => product * countValues(range), 1) <= mostGridPoints;
}

/** Every list with one value from each place; the last place turns fastest. */
function combine(places: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return places.reduce<readonly (readonly number[])[]>(
    (lists, values) => lists.flatMap((list) => values.map((value) => [...list, value])),
    [[]],
  );
}

/** How many values a range has; infinite for a stretch of floats. */
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

/** Every value of a range that has finitely many. */
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

function drawOnce(range: Range, current: KnobValue, random: Random): KnobValue {
  if (range.kind === 'choice') return random.pick(range.values);
  if (range.kind === 'tuple') return drawItems(range.items, current, random);
  if (range.kind === 'power-of-two') return 2 ** random.whole(Math.log2(range.low), Math.log2(range.high));
  if (range.zero && current !== 0 && random.unit() < 0.2) return 0;
  const isNearby = random.unit() < 0.5 && typeof current === 'number' && current >= range.low && current <= range.high;
  const share = isNearby ? shareOf(range, current) + nearbySpread * drawNormal(random.unit) : random.unit();
  return scaleUp(range, Math.min(1, Math.max(0, share)));
}

function drawItems(items: readonly ItemRange[], current: KnobValue, random: Random): readonly number[] {
  const before = typeof current === 'object' ? current : [];
  return items.map((item, index) => drawOnce(item, before[index] ?? Number.NaN, random) as number);
}

/** A share of the range in [0, 1] as a value with few digits, because a diff should not say more than is meant. */
function scaleUp(range: ScaleRange, share: number): number {
  return roundWithin(range, valueAt(range, share));
}

/** A number with as many digits as the range deserves, and not outside it. */
export function roundWithin(range: ScaleRange, value: number): number {
  const { low, high } = range;
  const rounded = range.kind === 'int' ? Math.round(value) : Number(value.toPrecision(digitsOf(range)));
  return Math.min(high, Math.max(low, rounded));
}

/** Three digits, and more where three would leave fewer than a hundred values, as in 0.99..0.9999. */
function digitsOf({ low, high, log }: ScaleRange): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const needed = log
    ? Math.ceil(1 - Math.log10((high / low - 1) / 100))
    : Math.floor(Math.log10(largest)) + 1 - Math.floor(Math.log10((high - low) / 100));
  return Math.min(15, Math.max(3, needed));
}
