/**
 * Reads a metric by the brief's own pattern.
 *
 * The last place counts at which the pattern matches, or would match if its group took anything: a later `acc=nan` never
 * gives way to an earlier `acc=0.93`. What the group captured is extended to the whole number-like token around it, so
 * that `acc=([\d.]+)` reads 9.5e-05 and -0.52 and refuses 1,234.
 */
import { parseStrictNumber } from '../base/strict-number.ts';
import { type Found, notANumber } from './found.ts';
import { type Token, tokenAt } from './number-token.ts';
import { withShare } from './share.ts';
import { characterBehind, isCharacterBefore, isTelling, loosePattern, splitPattern } from './split-pattern.ts';

/** Where a pattern's group stands in a text. */
interface Place {
  /** Where the match begins. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** The metric's number in a text, or why there is none, with where that is said. */
export function readPattern(text: string, name: string, pattern: string): { found: Found; at: number } {
  const matched = placesOf(text, new RegExp(pattern, 'dgm')).at(-1);
  const later = wouldMatchAt(text, pattern, matched?.end ?? -1);
  if (later !== undefined) return { found: numberOf(tokenAt(text, later), text, later, name), at: later };
  if (matched === undefined) return { found: { reason: `nothing in the log matches ${pattern}` }, at: -1 };
  return { found: numberAround(text, name, pattern, matched), at: matched.start };
}

function placesOf(text: string, expression: RegExp): readonly Place[] {
  return [...text.matchAll(expression)].map(({ index, indices }) => {
    const [start, end] = indices?.[1] ?? [index, index];
    return { index, start, end };
  });
}

/** Where the pattern would match last, if its group took anything, behind the place where it last did. */
function wouldMatchAt(text: string, pattern: string, behind: number): number | undefined {
  const split = splitPattern(pattern);
  const loose = split && loosePattern(split);
  if (!loose) return undefined;
  const places = placesOf(text, loose).filter(({ start }) => start >= behind);
  if (isTelling(split)) return places.at(-1)?.start;
  // A pattern without any word of its own fits every line, so only what looks like a score counts.
  return places.findLast(({ start }) => isScore(text, start))?.start;
}

function isScore(text: string, at: number): boolean {
  const token = tokenAt(text, at);
  return token.number !== undefined || /^[-+]?(?:nan|inf|infinity)$/i.test(token.text);
}

/** The number whose part the group captured. */
function numberAround(text: string, name: string, pattern: string, { index, start, end }: Place): Found {
  const line = lineAt(text, start);
  const skipped = /(?<![\p{L}\p{N}_])[-+]?(?:nan|inf|infinity)(?![\p{L}\p{N}_])/iu.exec(text.slice(index, start))?.[0];
  if (skipped !== undefined) return notANumber(name, skipped, line);
  const split = splitPattern(pattern);
  const from = split && isCharacterBefore(split) ? start : leftOf(text, start);
  const behind = split && characterBehind(split);
  // The owner says where the number ends, as in `took ([\d.]+)s`; a comma or a point may be a part of it all the same.
  if (behind !== undefined && !',.'.includes(behind) && text[end] === behind) {
    const captured = text.slice(from, end).trim();
    return parseStrictNumber(captured) ?? numberOf(tokenAt(captured, 0), text, start, name, captured);
  }
  const token = tokenAt(text, from);
  return numberOf(token.number === undefined ? withShare(text, token) : token, text, start, name);
}

function numberOf({ text: token, number }: Token, text: string, at: number, name: string, whole = token): Found {
  return number ?? notANumber(name, whole, lineAt(text, at));
}

/** Where the digits before a place begin, with their sign; or the word of which they are a part, as in `float64(0.5)`. */
function leftOf(text: string, start: number): number {
  const before = text.slice(Math.max(0, start - 50), start);
  const type = /(?:[A-Za-z_]\w*\.)*b?(?:float|u?int)\d*$/.exec(before)?.[0];
  if (type !== undefined) return start - type.length;
  const digits = /(?:(?:^|(?<=[^\p{L}\p{N}_.]))[-+−])?(?:[\d.,]+(?:[eE][-+]?)?)*$/u.exec(before)?.[0] ?? '';
  return start - digits.length;
}

/** The line of a text at a place. */
function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, end === -1 ? undefined : end);
}
