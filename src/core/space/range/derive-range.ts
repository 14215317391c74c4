/**
 * A range by rules of thumb, where a knob's name and value allow one.
 *
 * Text, seeds, paths and knobs of the harness, the data or the output are not searched; `whyUnderived` says why.
 */
import { nameWords } from '../../base/name-words.ts';
import type { Knob, Range } from '../knob.ts';
import { rangeContains } from './range-contains.ts';
import { floatRange, intRange, isRate } from './range-rules.ts';

/** Words in the names of knobs that belong to the harness, the data or the output, not to the method. */
const notSearched = new Set(
  (
    'SEED SEEDS BUDGET SECONDS MINUTES TIME TIMEOUT EVAL VAL TEST LOG LOGGING SAVE CHECKPOINT PRINT EVERY INTERVAL ' +
    'WORKERS THREADS PORT GPUS VOCAB CLASSES INPUT OUTPUT DEBUG VERBOSE VERSION PATH DIR'
  ).split(' '),
);

/** A range that contains the knob's current value; undefined when no rule gives one. */
export function deriveRange(knob: Knob): Range | undefined {
  const words = new Set(nameWords(knob.name));
  if (excludedWord(words) !== undefined) return undefined;
  const range = guessRange(knob, words);
  return range !== undefined && isUsable(range) && rangeContains(range, knob.value) ? range : undefined;
}

/** Why a knob has no derived range, as the end of a sentence about it. */
export function whyUnderived({ name, type, text }: Knob): string {
  const words = new Set(nameWords(name));
  const word = excludedWord(words);
  if (word !== undefined) return `${word} names no part of the method`;
  if (type === 'int' && isRate(words)) return `a rate is searched when it is written as \`${text}.0\``;
  if (type === 'string') return 'a text needs a `choice`';
  return type === 'tuple' ? 'a tuple needs a range for each item' : 'no rule knows such a name and value';
}

function excludedWord(words: ReadonlySet<string>): string | undefined {
  return [...words].find((word) => notSearched.has(word));
}

function guessRange({ type, value }: Knob, words: ReadonlySet<string>): Range | undefined {
  if (type === 'bool') return { kind: 'choice', values: [false, true] };
  if (typeof value === 'number') return type === 'int' ? intRange(words, value) : floatRange(words, value);
  return typeof value === 'object' && (words.has('BETAS') || words.has('MOMENTA')) ? betaRanges(value) : undefined;
}

/** A range for each of Adam's betas, as for a momentum. */
function betaRanges(values: readonly number[]): Range | undefined {
  const items = values.flatMap((value) => (value > 0 && value < 1 ? [floatRange(new Set(['BETA']), value)] : []));
  const ranges = items.filter((range) => range !== undefined);
  return ranges.length === values.length ? { kind: 'tuple', items: ranges } : undefined;
}

/** Whether the bounds are finite and differ: a value at the edge of what a number can hold has no room around it. */
function isUsable(range: Range): boolean {
  if (range.kind === 'tuple') return range.items.every(isUsable);
  if (range.kind === 'choice') return true;
  const isHighFine = range.kind === 'float' ? Number.isFinite(range.high) : Number.isSafeInteger(range.high);
  return isHighFine && range.low < range.high && (range.kind !== 'float' || !range.log || range.low > 0);
}
