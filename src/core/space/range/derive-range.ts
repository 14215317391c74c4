/**
 * A range by what the field's libraries document and by rules of thumb, where a knob's name and value allow one.
 *
 * What is no part of the method is left alone: the machine's, the harness's, the data's, the problem's own.
 */
import { type ItemRange, type Knob, type Range, sameValue } from '../knob.ts';
import { whyNoBagging, withoutClash } from './bagging.ts';
import { knobWords } from './knob-words.ts';
import { whyBySection, whyLeftAlone } from './left-alone.ts';
import { choicesRange, libraryAnswer } from './library-range.ts';
import { isOfMethod } from './method-words.ts';
import { rangeContains } from './range-contains.ts';
import { floatRange, intRange, isRate } from './range-rules.ts';

/** A derived range, or why there is none, as the end of a sentence about the knob. */
export type Derived = { readonly range: Range } | { readonly why: string };

/** The range that the knob's name and value give it; `beside` are the other knobs of its script. */
export function deriveFor(knob: Knob, beside: readonly Knob[] = []): Derived {
  if (knob.still !== undefined) return { why: knob.still };
  const known = libraryAnswer(knob);
  if (known?.kind === 'left') return { why: known.why };
  const idle = whyNoBagging(knob, beside);
  if (idle !== undefined) return { why: idle };
  const why = known === undefined ? whyLeftAlone(knob, beside) : whyBySection(knob);
  if (why !== undefined) return { why: knob.type === 'string' && knob.choices === undefined ? whyNoRule(knob) : why };
  const range = known?.range ?? choicesRange(knob) ?? (isOfMethod(knob) ? guessRange(knob) : undefined);
  const within = range && withinBounds(withoutClash(range, knob, beside), knob);
  const isFine = within !== undefined && isUsable(within) && rangeContains(within, knob.value);
  return isFine ? { range: within } : { why: whyNoRule(knob) };
}

/** A range that contains the knob's current value; undefined when no rule gives one. */
export function deriveRange(knob: Knob): Range | undefined {
  const derived = deriveFor(knob);
  return 'range' in derived ? derived.range : undefined;
}

function whyNoRule(knob: Knob): string {
  const { type, text } = knob;
  const words = knobWords(knob).own;
  if (type === 'int' && isRate(words)) return `a rate is searched when it is written as \`${text}.0\``;
  const isFraction = type === 'int' && knob.value === 0 && isOfMethod(knob) && floatRange(words, 0) !== undefined;
  if (isFraction) return `it is searched when it is written as \`${text}.0\``;
  if (type === 'string') return 'a text needs a `choice`';
  return type === 'tuple' ? 'a tuple needs a range for each item' : 'no rule knows such a name and value';
}

function guessRange(knob: Knob): Range | undefined {
  const { type, value } = knob;
  const words = knobWords(knob).own;
  if (type === 'bool') return { kind: 'choice', values: [false, true] };
  if (typeof value === 'number') return type === 'int' ? intRange(words, value) : floatRange(words, value);
  return typeof value === 'object' && (words.includes('BETAS') || words.includes('MOMENTA'))
    ? betaRanges(value)
    : undefined;
}

/** A range for each of Adam's betas, as for a momentum. */
function betaRanges(values: readonly number[]): Range | undefined {
  const items = values.flatMap((value) => (value > 0 && value < 1 ? [floatRange(['BETA'], value)] : []));
  const ranges = items.filter((range) => range !== undefined);
  return ranges.length === values.length ? { kind: 'tuple', items: ranges } : undefined;
}

/** The part of a range that the script accepts. */
function withinBounds(range: Range, { bounds }: Knob): Range | undefined {
  if (bounds === undefined || range.kind === 'tuple') return range;
  const [lowest, highest] = bounds;
  if (range.kind === 'choice') {
    const values = range.values.filter(
      (value) =>
        typeof value !== 'number' || ((lowest === null || value >= lowest) && (highest === null || value <= highest)),
    );
    return values.length > 1 ? { kind: 'choice', values } : undefined;
  }
  const low = Math.max(range.low, lowest ?? range.low);
  const high = Math.min(range.high, highest ?? range.high);
  if (range.kind === 'power-of-two') {
    return { ...range, low: 2 ** Math.ceil(Math.log2(low)), high: 2 ** Math.floor(Math.log2(high)) };
  }
  const isZeroFine = range.zero && (lowest === null || lowest <= 0) && (highest === null || highest >= 0);
  const clipped: ItemRange = { ...range, low, high, zero: isZeroFine };
  return sameValue([low, high], [range.low, range.high]) && clipped.zero === range.zero ? range : clipped;
}

/** Whether the bounds are finite and differ: a value at the edge of what a number can hold has no room around it. */
function isUsable(range: Range): boolean {
  if (range.kind === 'tuple') return range.items.every(isUsable);
  if (range.kind === 'choice') return true;
  const isHighFine = range.kind === 'float' ? Number.isFinite(range.high) : Number.isSafeInteger(range.high);
  return isHighFine && range.low < range.high && (range.kind !== 'float' || !range.log || range.low > 0);
}
