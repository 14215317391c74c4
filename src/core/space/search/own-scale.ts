/**
 * On which scale a search sees a range, where the name of the knob or the bounds tell more than the range says.
 */
import type { ItemRange, Knob, ScaleRange } from '../knob.ts';
import { hasPhrase, knobWords, phrases } from '../range/knob-words.ts';

/** A range, and whether its zero is no limit at all, such as that of a gradient's largest norm. */
export type AxisRange = (ScaleRange & { readonly isZeroUnlimited?: boolean }) | Exclude<ItemRange, ScaleRange>;

/** The largest norm or value that something is cut to: 0 switches it off, as if nothing were too large. */
const limits = phrases('CLIP, CLIPPING, CLIPNORM, MAX NORM, MAX GRAD NORM');
/** From a high bound of so many times the low one on, ratios matter in a count: from 2 to 4 is as far as from 8 to 16. */
const wideCount = 8;

/** The same range on the knob's own scale. */
export function onOwnScale(range: ItemRange, knob: Pick<Knob, 'name'>): AxisRange {
  if (range.kind !== 'int' && range.kind !== 'float') return range;
  const isWideCount = range.kind === 'int' && range.low >= 1 && range.high >= wideCount * range.low;
  const isZeroUnlimited = range.zero && hasPhrase(knobWords(knob).own, limits);
  return { ...range, log: range.log || isWideCount, ...(isZeroUnlimited && { isZeroUnlimited }) };
}
