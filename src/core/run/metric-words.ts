/**
 * The words of a metric's name, with those that the field writes in several ways taken as one: `val_acc` is the validation
 * accuracy. Other words of nearby meaning, such as eval and val, stay apart.
 */
import { literalPattern } from '../base/literal-pattern.ts';

const sameWords: readonly (readonly string[])[] = [
  ['val', 'valid', 'validation'],
  ['acc', 'accuracy'],
  ['eval', 'evaluation'],
  ['dev', 'development'],
  ['avg', 'average', 'mean'],
  ['err', 'error'],
  ['ppl', 'perplexity'],
  ['prec', 'precision'],
  ['corr', 'correlation'],
];

/** The words in small letters, the first way of writing each. */
export function wordsOf(name: string): readonly string[] {
  return split(name).map((word) => waysOf(word)[0] ?? word);
}

/** A name as these words may be written in a line: `Validation accuracy` for `val_accuracy`. */
export function wordsPattern(name: string): RegExp {
  const words = split(name).map((word) => `(?:${waysOf(word).map(literalPattern).join('|')})`);
  return new RegExp(`(?<![\\p{L}\\p{N}_./@%-])${words.join('[ _-]?')}(?![\\p{L}\\p{N}_@-])`, 'giu');
}

/** Ways of writing the name's last word, one of which a line has that says anything of it. */
export function lastWords(name: string): readonly string[] {
  return waysOf(split(name).at(-1) ?? name);
}

function waysOf(word: string): readonly string[] {
  return sameWords.find((ways) => ways.includes(word)) ?? [word];
}

function split(name: string): string[] {
  const words = name.split(/[\s_./-]+|(?<=\p{Ll})(?=\p{Lu})/u).filter((word) => word !== '');
  return words.map((word) => word.toLowerCase());
}
