/**
 * Which way is better, as far as the name of a metric says so. A name that says nothing, or both, has no goal.
 */
import type { Goal } from './metric.ts';
import {
  counting,
  formulas,
  formulaWords,
  higherIsBetter,
  lowerIsBetter,
  lowerIsBetterAtEnd,
  minus,
  negations,
  score,
  unsettling,
} from './metric-words.ts';

/** The goal that this name speaks for; undefined where it is silent or speaks for both. */
export function goalInName(name: string): Goal | undefined {
  const [sign = '', signed] = /^(1-|100-|-)?(.*)$/su.exec(name.normalize('NFKC'))?.slice(1) ?? [];
  const words = wordsOf(signed ?? '');
  const isSettled = !hasFurtherSign(signed ?? '') && (!/\d/.test(sign) || findPhrase(words, 0) !== undefined);
  const said = isSettled ? goalsIn(words) : undefined;
  const [first] = said ?? [];
  if (first === undefined || said?.some((goal) => goal !== first)) return undefined;
  return sign === '' ? first : opposite(first);
}

/** The words of a name that say a direction, such as `auc` in `val_auc`. */
export function directionWordsIn(name: string): readonly string[] {
  return wordsOf(name.normalize('NFKC')).filter((word) => goalOfPhrase.has(word));
}

const goalOfPhrase: ReadonlyMap<string, Goal> = new Map([
  ...lowerIsBetter.map((phrase) => [phrase, 'minimize'] as const),
  ...higherIsBetter.map((phrase) => [phrase, 'maximize'] as const),
]);
const maxWordsInPhrase = 2;
const known = new Set([...goalOfPhrase.keys(), ...lowerIsBetterAtEnd, minus, ...negations, ...unsettling]);

/** A sign that does not lead the name: `val/1-acc`, `1/loss`. What it belongs to is open. */
function hasFurtherSign(name: string): boolean {
  return /(?:^|[/(])(?:1-|1\/|[-!~])\p{L}/u.test(name);
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[^\p{L}\p{N}]+/u).flatMap((part) => (part === '' ? [] : wordsIn(part)));
}

/** `mAP50` -> map; `valLoss` -> val, loss; `testacc` -> acc. A digit counts where the table has it, as in `f1`. */
function wordsIn(part: string): readonly string[] {
  const whole = part.toLowerCase();
  const bare = whole.replace(/\d+$/, '');
  const stem = bare.replace(/^(?:val|valid|validation|test|train|eval|dev|mean|avg|best|final)(?=\p{L})/u, '');
  const found = [whole, bare, stem].find((word) => known.has(word));
  if (found !== undefined) return [found];
  const pieces = part.split(/(?<=[\p{Ll}\d])(?=\p{Lu})/u);
  return pieces.length > 1 ? pieces.flatMap(wordsIn) : [whole];
}

/** What each phrase of a name speaks for, in its order; undefined where a word leaves that open. */
function goalsIn(words: readonly string[]): readonly Goal[] | undefined {
  const found: Goal[] = [];
  let isTurned = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const phrase = findPhrase(words, at);
    if (phrase !== undefined) {
      if (counting.includes(words[at - 1] ?? '') && !phrase.text.startsWith('per ')) return undefined;
      const turned = isNegated(words, at, phrase.text);
      if (turned === undefined) return undefined;
      found.push(isTurned !== turned ? opposite(phrase.goal) : phrase.goal);
      at += phrase.length - 1;
    } else if (unsettling.includes(word) || (word === score && found.includes('minimize'))) return undefined;
    else if (word === minus || negations.includes(word)) {
      // Behind a known word, it may as well begin the name of what that is measured on.
      if (found.length > 0) return undefined;
      if (word === minus) isTurned = !isTurned;
    }
  }
  return found;
}

interface Phrase {
  readonly text: string;
  readonly length: number;
  readonly goal: Goal;
}

/** The longest known phrase that begins at this word. */
function findPhrase(words: readonly string[], at: number): Phrase | undefined {
  for (let length = maxWordsInPhrase; length > 0; length--) {
    const text = words.slice(at, at + length).join(' ');
    const goal = goalOfPhrase.get(text);
    if (goal !== undefined) return { text, length, goal };
  }
  const isUnit = at === words.length - 1 && lowerIsBetterAtEnd.includes(words[at] ?? '');
  return isUnit ? { text: words[at] ?? '', length: 1, goal: 'minimize' } : undefined;
}

/** Whether a negation turns the phrase at `at` around; undefined where it may name a class of samples instead. */
function isNegated(words: readonly string[], at: number, phrase: string): boolean | undefined {
  const last = words.slice(0, at).findLastIndex((word) => negations.includes(word));
  if (last === -1) return false;
  const between = words.slice(last + 1, at);
  const isFormula = formulas.includes(phrase) || (phrase === 'error' && between.length > 0);
  return isFormula && between.every((word) => formulaWords.includes(word)) ? true : undefined;
}

function opposite(goal: Goal): Goal {
  return goal === 'minimize' ? 'maximize' : 'minimize';
}
