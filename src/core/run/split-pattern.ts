/**
 * A regular expression taken apart at its one capturing group.
 */

export interface SplitPattern {
  readonly before: string;
  readonly after: string;
}

/** What stands before and behind the first capturing group of an expression; undefined when it has none. */
export function splitPattern(source: string): SplitPattern | undefined {
  let start: number | undefined;
  let depth = 0;
  for (const { 0: part, index } of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]))?|\)/gsu)) {
    if (part === ')') {
      depth -= 1;
      if (start !== undefined && depth === 0) return { before: source.slice(0, start), after: source.slice(index + 1) };
    } else if (start !== undefined && part.startsWith('(')) depth += 1;
    else if (part === '(') [start, depth] = [index, 1];
  }
  return undefined;
}

/** The expression with a group that takes any one word, blanks before it included, or nothing, and `nan` for its other numbers. */
export function loosePattern({ before, after }: SplitPattern): RegExp | undefined {
  try {
    return new RegExp(`${orNoNumbers(before)}([^\\S\\n]*\\S*?)${orNoNumbers(after)}`, 'dgm');
  } catch {
    // A named group that something else in the expression refers to.
    return undefined;
  }
}

const digits = String.raw`(?:\\d|\[(?:\\d|0-9|\\[.+-]|[.,eE+-])+\])(?:[*+?]|\{\d+,?\d*\})?\??`;
const numberOrOther = new RegExp(String.raw`(${digits}(?:(?:\\\.\??)?${digits})*)|\\.|\[(?:\\.|[^\]\\])*\]`, 'gsu');
const noNumber = `[-+]?(?:[nN][aA][nN]|[iI][nN][fF](?:inity)?)|[nN]one|null|[nN]/?[aA]|--+`;

/** A part of an expression whose numbers may also be what is printed in their place: a model that diverges loses all of them. */
function orNoNumbers(part: string): string {
  return part.replace(numberOrOther, (whole, number?: string) =>
    number === undefined ? whole : `(?:${number}|${noNumber})`,
  );
}

/** Whether the expression asks for letters of its own, so that what it matches is about something. */
export function isTelling({ before, after }: SplitPattern): boolean {
  return /\p{L}/u.test(`${before} ${after}`.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, ''));
}

/** The character that the expression asks for right behind its group; undefined where it takes several, or none. */
export function characterBehind({ after }: SplitPattern): string | undefined {
  return /^(?:\\([^\p{L}\p{N}])|([^\\^$.|?*+()[\]{}]))(?![?*{])/su.exec(after)?.slice(1).find(Boolean);
}

/** Whether the expression names the character right before its group. */
export function isCharacterBefore({ before }: SplitPattern): boolean {
  return /(?:^|[^\\])(?:\\[^\p{L}\p{N}]|[^\\^$.|?*+()[\]{}])$/su.test(before);
}
