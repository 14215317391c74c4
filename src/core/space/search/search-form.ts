/**
 * A range as an optimiser sees it: numbers on a scale where equal steps matter equally, or the index in a list.
 *
 * Wide ranges of whole numbers are searched as if continuous, powers of two by their exponent, and the zero of
 * `0 or log …` lies 15 % of the range below the low bound.
 */
import { type ItemRange, type KnobValue, type ScaleRange, sameValue } from '../knob.ts';
import { roundWithin } from './search-values.ts';

/** One dimension for the optimiser; bounds are inclusive. */
export type SearchForm =
  | { readonly kind: 'float' | 'int'; readonly low: number; readonly high: number; readonly log: boolean }
  | { readonly kind: 'choice'; readonly count: number };

/** Width of the largest range of whole numbers that is searched in whole steps. */
const maxSteps = 32;
/** How far below the low bound zero lies, as a share of the range on its scale. */
const zeroGap = 0.15;

/** The form of a range. */
export function searchForm(range: ItemRange): SearchForm {
  switch (range.kind) {
    case 'choice':
      return { kind: 'choice', count: range.values.length };
    case 'power-of-two':
      return { kind: 'int', low: Math.log2(range.low), high: Math.log2(range.high), log: false };
    case 'int':
    case 'float': {
      const { low, high, log } = range;
      if (range.zero) return { kind: 'float', low: zeroPlace(range), high: scaled(range, high), log: false };
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
export function toSearch(range: ItemRange, value: KnobValue): number | undefined {
  if (range.kind === 'choice') {
    const index = range.values.findIndex((choice) => sameValue(choice, value));
    return index < 0 ? undefined : index;
  }
  if (typeof value !== 'number') return undefined;
  if (range.kind === 'power-of-two') return Number.isInteger(Math.log2(value)) ? Math.log2(value) : undefined;
  if (range.zero) return value === 0 ? zeroPlace(range) : sign(range) * value > 0 ? scaled(range, value) : undefined;
  if (range.log && value <= 0) return undefined;
  // A fraction, as from a trial under another range, is rounded to the nearest whole number.
  return range.kind === 'int' ? Math.round(value) : value;
}

/** The knob's value at a place of the form, rounded to as many digits as the range needs and kept within it. */
export function fromSearch(range: ItemRange, place: number): KnobValue | undefined {
  switch (range.kind) {
    case 'choice':
      return range.values[place];
    case 'power-of-two':
      return 2 ** Math.round(place);
    case 'int':
    case 'float':
      if (!range.zero) return roundWithin(range, place);
      return place < (zeroPlace(range) + scaled(range, range.low)) / 2 ? 0 : roundWithin(range, unscaled(range, place));
    default:
      return range satisfies never;
  }
}

function zeroPlace(range: ScaleRange): number {
  const low = scaled(range, range.low);
  return low - zeroGap * (scaled(range, range.high) - low);
}

/** A range with a zero of its own lies wholly above or wholly below it. */
function sign({ low }: ScaleRange): number {
  return low < 0 ? -1 : 1;
}

function scaled({ log }: ScaleRange, value: number): number {
  return log ? Math.log(value) : value;
}

function unscaled({ log }: ScaleRange, place: number): number {
  return log ? Math.exp(place) : place;
}
