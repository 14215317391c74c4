/**
 * A range as an optimiser sees it: numbers on a scale where equal steps matter equally, or the index in a list.
 *
 * Wide ranges of whole numbers are searched as if continuous, powers of two by their exponent, and what ends just below one, such as
 * a momentum, by what it lacks of one: from .9 to .98 is as far as from .5 to .9. The zero of `0 or log …` lies 15 % of the range
 * below the low bound, or above the high one where it switches a limit off.
 */
import { type KnobValue, type ScaleRange, sameValue } from '../knob.ts';
import type { AxisRange } from './own-scale.ts';
import { roundWithin } from './search-values.ts';

/** One dimension for the optimiser; bounds are inclusive. */
export type SearchForm =
  | { readonly kind: 'float' | 'int'; readonly low: number; readonly high: number; readonly log: boolean }
  | { readonly kind: 'choice'; readonly count: number };

/** Width of the largest range of whole numbers that is searched in whole steps. */
const maxSteps = 32;
/** How far beyond a bound zero lies, as a share of the range on its scale. */
const zeroGap = 0.15;
/** High bounds between this and one are those of a momentum, a decay or a discount. */
const nearOne = 0.9;

/** The form of a range. */
export function searchForm(range: AxisRange): SearchForm {
  switch (range.kind) {
    case 'choice':
      return { kind: 'choice', count: range.values.length };
    case 'power-of-two':
      return { kind: 'int', low: Math.log2(range.low), high: Math.log2(range.high), log: false };
    case 'int':
    case 'float': {
      const { low, high, log } = range;
      if (range.zero || isToOne(range)) {
        const [bottom, top] = [scaled(range, low), scaled(range, high)];
        const places = range.zero ? [bottom, top, zeroPlace(range)] : [bottom, top];
        return { kind: 'float', low: Math.min(...places), high: Math.max(...places), log: false };
      }
      const isStepwise = range.kind === 'int' && high - low < maxSteps;
      return { kind: isStepwise ? 'int' : 'float', low, high, log };
    }
    default:
      return range satisfies never;
  }
}

/**
 * The number that stands for a knob's value in the form of its range; undefined for one outside it, such as an unknown
 * choice.
 */
export function toSearch(range: AxisRange, value: KnobValue): number | undefined {
  if (range.kind === 'choice') {
    const index = range.values.findIndex((choice) => sameValue(choice, value));
    return index < 0 ? undefined : index;
  }
  if (typeof value !== 'number') return undefined;
  if (range.kind === 'power-of-two') return Number.isInteger(Math.log2(value)) ? Math.log2(value) : undefined;
  if (range.zero) return value === 0 ? zeroPlace(range) : sign(range) * value > 0 ? scaled(range, value) : undefined;
  if (range.log && value <= 0) return undefined;
  if (isToOne(range)) return value < 1 ? scaled(range, value) : undefined;
  // A fraction, as from a trial under another range, is rounded to the nearest whole number.
  return range.kind === 'int' ? Math.round(value) : value;
}

/** The knob's value at a place of the form, rounded to as many digits as the range needs and kept within it. */
export function fromSearch(range: AxisRange, place: number): KnobValue | undefined {
  switch (range.kind) {
    case 'choice':
      return range.values[place];
    case 'power-of-two':
      return 2 ** Math.round(place);
    case 'int':
    case 'float':
      if (range.zero && isNearZero(range, place)) return 0;
      return roundWithin(range, range.zero || isToOne(range) ? unscaled(range, place) : place);
    default:
      return range satisfies never;
  }
}

/** The step on the scale of the form that a factor makes at a value. */
export function stepOf(range: AxisRange, value: number, factor: number): number {
  if (range.kind === 'choice') return 0;
  if (range.kind === 'power-of-two') return Math.log2(factor);
  if (range.log) return Math.log(factor);
  const to = isToOne(range) ? Math.min(range.high, value * factor) : value * factor;
  return scaled(range, to) - scaled(range, value);
}

function zeroPlace(range: ScaleRange & AxisRange): number {
  const [low, high] = [scaled(range, range.low), scaled(range, range.high)];
  return range.isZeroUnlimited ? high + zeroGap * (high - low) : low - zeroGap * (high - low);
}

function isNearZero(range: ScaleRange & AxisRange, place: number): boolean {
  const zero = zeroPlace(range);
  const neighbour = scaled(range, range.isZeroUnlimited ? range.high : range.low);
  return Math.abs(place - zero) < Math.abs(place - neighbour);
}

/** A range with a zero of its own lies wholly above or wholly below it. */
function sign({ low }: ScaleRange): number {
  return low < 0 ? -1 : 1;
}

/** Whether it ends just below one, so that what matters is how much is lacking of one. */
function isToOne({ kind, low, high, log, zero }: ScaleRange): boolean {
  return kind === 'float' && !log && !zero && low >= 0 && high > nearOne && high < 1;
}

function scaled(range: ScaleRange, value: number): number {
  if (range.log) return Math.log(value);
  return isToOne(range) ? -Math.log(1 - value) : value;
}

function unscaled(range: ScaleRange, place: number): number {
  if (range.log) return Math.exp(place);
  return isToOne(range) ? 1 - Math.exp(-place) : place;
}
