/**
 * The words by which rules know a knob: those of its own name, and apart from them those of what it belongs to.
 */
import { nameWords } from '../../base/name-words.ts';
import type { Knob } from '../knob.ts';

/** In capitals, in the order of the name. `optimizer.adam_beta1` has the own words ADAM, BETA1 and BETA. */
export interface KnobWords {
  readonly own: readonly string[];
  readonly owner: readonly string[];
}

/** The words of a knob's name; a number at the end of a word is also left off, so that `dropout2` is a dropout. */
export function knobWords({ name }: Pick<Knob, 'name'>): KnobWords {
  const parts = name.replace(/\[\d+\]$/, '').split('.');
  const own = nameWords(lastPart({ name }));
  return { own: own.flatMap(withStem), owner: parts.slice(0, -1).flatMap(nameWords) };
}

/** The last part of the name, as written: `lr` of `AdamW.lr[2]`. */
export function lastPart({ name }: Pick<Knob, 'name'>): string {
  return (
    name
      .replace(/\[\d+\]$/, '')
      .split('.')
      .at(-1) ?? name
  );
}

/** Whether one of the phrases is in the words: its words follow each other. `TRAIN RATIO` is in TRAIN, RATIO. */
export function hasPhrase(words: readonly string[], phrases: readonly (readonly string[])[]): boolean {
  return foundPhrase(words, phrases) !== undefined;
}

/** The first of the phrases that is in the words. */
export function foundPhrase(
  words: readonly string[],
  phrases: readonly (readonly string[])[],
): readonly string[] | undefined {
  return phrases.find((phrase) =>
    words.some((_, start) => phrase.every((word, index) => words[start + index] === word)),
  );
}

/** Reads `PEAK FLOPS, MAGIC`: phrases between commas, words between blanks. */
export function phrases(text: string): readonly (readonly string[])[] {
  return text.split(',').map((phrase) => phrase.trim().split(/\s+/));
}

function withStem(word: string): readonly string[] {
  const stem = /^([A-Z]{2,})\d$/.exec(word)?.[1];
  return stem === undefined || stems.has(word) ? [word] : [word, stem];
}

/** Words whose number is part of what they mean. */
const stems = new Set(['L1', 'L2', 'LN2', 'FP8', 'BF8', 'INT8', 'INT4', 'FP4']);
