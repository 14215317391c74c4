/**
 * A derived range that stays the same for a whole study: that of the value with which the knob first stood in it.
 *
 * Without this each keep would move the range along, and a search would wander off.
 */
import type { ItemRange, Knob, Range } from '../knob.ts';
import { type Derived, deriveFor } from './derive-range.ts';
import { rangeContains } from './range-contains.ts';

/** What a range follows from beside the knob itself. */
export interface KnobContext {
  /** All knobs of the source. */
  readonly beside: readonly Knob[];
  /** The knob as it first stood in the study, whose value a derived range follows; absent at a start. */
  readonly born?: Knob;
}

/** The range of the knob's first value, with room for the present one where an edit of the code took it outside. */
export function derivedFrom(knob: Knob, context: KnobContext = { beside: [] }): Derived {
  const { beside, born = knob } = context;
  const first = deriveFor({ ...knob, value: born.value, text: born.text, type: born.type }, beside);
  if (!('range' in first) || rangeContains(first.range, knob.value)) return first;
  const wide = reachingTo(first.range, knob);
  return wide === undefined ? deriveFor(knob, beside) : { range: wide };
}

/** The range with one bound moved to the present value; undefined where the two do not go together. */
function reachingTo(range: Range, { value }: Knob): ItemRange | undefined {
  if (range.kind === 'choice' || range.kind === 'tuple' || typeof value !== 'number') return undefined;
  if (range.kind !== 'power-of-two' && range.log && value <= 0) return undefined;
  const wide = { ...range, low: Math.min(range.low, value), high: Math.max(range.high, value) };
  return rangeContains(wide, value) ? wide : undefined;
}
