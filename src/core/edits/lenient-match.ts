/**
 * Finds the one place that a sloppily quoted edit means, and fits its replacement to the indentation found there.
 *
 * An edit is only ever applied where exactly one reading of it is possible; everything else is a refusal that says why.
 * All texts have `\n` line ends.
 */
import { type Fit, fitAtLine, fitLines, indentOf, withOwnBlanks } from './reindent.ts';

export type Match =
  | { readonly kind: 'found'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'none' }
  /** Numbers of the lines where it was found. */
  | { readonly kind: 'many'; readonly lines: readonly number[] }
  | { readonly kind: 'unclear'; readonly reason: string };

/** Where `find` stands in the content, and what to put there; exact matches first, then by lines. */
export function matchEdit(content: string, find: string, replace: string): Match {
  const match = findPlace(content, find, withSameEnds(find, replace));
  return match.kind === 'found' ? { ...match, text: withOwnBlanks(content, match.text) } : match;
}

/** A quotation of whole lines, line ends included, is replaced by whole lines: their neighbours are never joined to it. */
function withSameEnds(find: string, replace: string): string {
  if (replace === '') return replace;
  const start = find.startsWith('\n') && !replace.startsWith('\n') ? '\n' : '';
  const end = find.endsWith('\n') && !replace.endsWith('\n') ? '\n' : '';
  return start + replace + end;
}

function findPlace(content: string, find: string, replace: string): Match {
  const places = indexesOf(content, find).filter((place) => endsAreWhole(content, place, find));
  const [only, second] = places;
  if (second !== undefined) return { kind: 'many', lines: places.map((place) => lineNumberAt(content, place)) };
  if (only !== undefined) return fitted(fitAtLine(content, only, find, replace));
  for (const same of [identical, alike]) {
    const match = matchLines(content, find, replace, same);
    if (match.kind !== 'none') return match;
  }
  return { kind: 'none' };
}

/** The number of the line, from 1, that holds this index. */
export function lineNumberAt(content: string, index: number): number {
  return content.slice(0, index).split('\n').length;
}

function indexesOf(content: string, find: string): number[] {
  const places: number[] = [];
  for (let at = content.indexOf(find); at >= 0; at = content.indexOf(find, at + 1)) places.push(at);
  return places;
}

/** `LR = 0.1` does not stand in `MIN_LR = 0.15` nor `N = 2` in `N = 2**19`: half a word or half a value is no match. */
function endsAreWhole(content: string, start: number, find: string): boolean {
  const before = content[start - 1] ?? '';
  const after = content.slice(start + find.length, start + find.length + 200).split('\n')[0] as string;
  if (/^\w/.test(find) && (/\w/.test(before) || (before === '.' && /^\w+\s*=(?!=)/.test(find)))) return false;
  if (!/\w$/.test(find)) return true;
  if (/^\w/.test(after) || /^\.\w/.test(after)) return false;
  const setsValue = /(?:^|[^=!<>])=\s*[^=\s][^=\n]*$/.test(find.split('\n').at(-1) as string);
  return !(setsValue && /^\s*[-+*/%@<>[(.&|^]/.test(after));
}

function fitted(fit: Fit): Match {
  return fit.kind === 'fits' ? { ...fit, kind: 'found' } : fit;
}

type SameLine = (own: string, quoted: string) => boolean;

const identical: SameLine = (own, quoted) => own === quoted;
const alike: SameLine = (own, quoted) => plain(own) === plain(quoted);

/** Spacing within a line, typographic quotes and dashes are the commonest slips of a model's quotation. */
function plain(line: string): string {
  return line
    .replace(/[\u2018\u2019\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\s\u00a0]+/g, ' ');
}

/** Compares whole lines without their indentation; the indentation must then differ by one and the same amount. */
function matchLines(content: string, rawFind: string, rawReplace: string, same: SameLine): Match {
  const { find, replace } = withoutSharedBlankEnds(rawFind, rawReplace);
  const quoted = find.split('\n');
  if (quoted.every((line) => line.trim() === '')) return { kind: 'none' };
  const own = content.split('\n');
  const firsts = own.flatMap((_, first) => (standsAt(own, first, quoted, same) ? [first] : []));
  const [first, second] = firsts;
  if (second !== undefined) return { kind: 'many', lines: firsts.map((line) => line + 1) };
  if (first === undefined) return { kind: 'none' };
  const fit = fitLines(own.slice(first, first + quoted.length), quoted, replace);
  if (fit.kind !== 'fits') return fit;
  const start = own.slice(0, first).join('\n').length + (first > 0 ? 1 : 0);
  const end = start + own.slice(first, first + quoted.length).join('\n').length;
  const removesLines = fit.text === '' && content[end] === '\n';
  return { kind: 'found', start, end: removesLines ? end + 1 : end, text: fit.text };
}

function standsAt(own: readonly string[], first: number, quoted: readonly string[], same: SameLine): boolean {
  if (first + quoted.length > own.length) return false;
  return (
    quoted.every((line, index) => same((own[first + index] as string).trim(), line.trim())) &&
    areShiftedAlike(own.slice(first, first + quoted.length), quoted)
  );
}

/** All lines shifted by one amount; or only the first, which is what a quotation without its leading blanks looks like. */
function areShiftedAlike(own: readonly string[], quoted: readonly string[]): boolean {
  const shifts = quoted.flatMap((line, index) =>
    line.trim() === '' ? [] : [indentOf(own[index] as string) - indentOf(line)],
  );
  const [first, ...others] = shifts;
  return others.every((shift) => shift === first) || others.every((shift) => shift === 0);
}

/** Blank lines at the ends of a quotation mean nothing; those that both texts have go from both. */
function withoutSharedBlankEnds(find: string, replace: string): { find: string; replace: string } {
  const quoted = find.split('\n');
  const wanted = replace.split('\n');
  const isBlank = (line: string | undefined) => line !== undefined && line.trim() === '';
  while (quoted.length > 1 && isBlank(quoted.at(-1))) {
    quoted.pop();
    if (wanted.length > 1 && isBlank(wanted.at(-1))) wanted.pop();
  }
  while (quoted.length > 1 && isBlank(quoted[0])) {
    quoted.shift();
    if (wanted.length > 1 && isBlank(wanted[0])) wanted.shift();
  }
  return { find: quoted.join('\n'), replace: wanted.join('\n') };
}
