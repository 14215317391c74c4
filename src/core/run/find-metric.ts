/**
 * Finds a metric in what a script writes of its own data, such as `metrics.json` or a printed dict.
 *
 * The name is a key of the outermost object, else a path (`eval.loss`, `eval/loss`), else the one key of that name anywhere
 * in it; where none of these is there, the one path that has the name's words. Of a list the last item that has it counts, as of one entry per epoch; a list of numbers is such a list too.
 */
import { type Found, notANumber } from './found.ts';
import type { Literal } from './literal.ts';
import { wordsOf } from './metric-words.ts';
import { tokenAt } from './number-token.ts';

/** What has the metric, such as `metrics.json`, and whether a number may stand in quotes there, as in Trainer's dicts. */
export interface Place {
  readonly where: string;
  readonly allowsQuotes?: boolean;
}

/** The metric's number; undefined where no key has its name. */
export function findMetric(value: Literal, name: string, place: Place): Found | undefined {
  const { where } = place;
  const direct = atPath(value, name);
  if (direct !== undefined) return readFinding(direct, name, place);
  const nested = findingsIn(value, name, where);
  if (nested.length > 1) {
    const places = nested.slice(0, 3).map((each) => ('path' in each ? each.path : ''));
    return { reason: `${where} has ${name} in ${nested.length} places: ${places.join(', ')}; name one of them` };
  }
  return nested[0] && readFinding(nested[0], name, place);
}

/** The same by the name's words: `eval_loss` is the `loss` in `eval`. Undefined where no path has them. */
export function findByWords(value: Literal, name: string, place: Place): Found | undefined {
  const wanted = wordsOf(name).join(' ');
  const found = leavesOf(value, []).filter(({ path }) =>
    path.some((_, index) => path.slice(index).flatMap(wordsOf).join(' ') === wanted),
  );
  if (found.length > 1) {
    const places = found.slice(0, 3).map(({ path }) => path.join('.'));
    return { reason: `${place.where} has ${name} in ${found.length} places: ${places.join(', ')}; name one of them` };
  }
  return found[0] && leafNumber(found[0].value, name, place);
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: Literal;
}

function leavesOf(value: Literal, path: readonly string[]): readonly Leaf[] {
  if (value.kind === 'object') return value.entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  if (value.kind === 'list') return value.items.slice(-1).flatMap((item) => leavesOf(item, path));
  return [{ path, value }];
}

/** All numbers of an object and of those in it, by their path, of lists the last. */
export function numbersIn(value: Literal, prefix = ''): readonly (readonly [name: string, value: number])[] {
  if (value.kind === 'object') {
    return value.entries.flatMap(([key, inner]) => numbersIn(inner, prefix === '' ? key : `${prefix}.${key}`));
  }
  if (value.kind === 'list') return value.items.slice(-1).flatMap((item) => numbersIn(item, prefix));
  const number = value.isQuoted ? undefined : tokenAt(value.text, 0).number;
  return number === undefined || prefix === '' ? [] : [[prefix, number.value]];
}

type Finding = { readonly path: string; readonly value: Literal } | { readonly twice: string };

function readFinding(finding: Finding, name: string, place: Place): Found {
  if ('twice' in finding) return { reason: `${place.where} names ${name} twice` };
  return leafNumber(finding.value, name, place);
}

function leafNumber(value: Literal, name: string, place: Place): Found {
  const { where, allowsQuotes = false } = place;
  if (value.kind === 'list') {
    const last = value.items.at(-1);
    return last === undefined ? { reason: `${name} in ${where} is an empty list` } : leafNumber(last, name, place);
  }
  const isWord = value.kind === 'leaf' && /^(?:None|null|true|false)$/i.test(value.text);
  if (value.kind === 'object' || (value.isQuoted && !allowsQuotes) || isWord)
    return { reason: `${name} in ${where} is not a number` };
  return tokenAt(value.text, 0).number ?? notANumber(name, value.text);
}

/** The value that the whole path leads to, as one key or through several. */
function atPath(value: Literal, path: string): Finding | undefined {
  if (value.kind === 'list') {
    const found = value.items.map((item) => atPath(item, path));
    return found.findLast((each) => each !== undefined);
  }
  if (value.kind !== 'object') return undefined;
  const own = value.entries.filter(([key]) => key === path);
  if (own.length > 1) return { twice: path };
  const [entry] = own;
  if (entry) return { path, value: entry[1] };
  for (const [key, inner] of value.entries) {
    const rest = path.startsWith(key) && /^[./]/.test(path.slice(key.length)) ? path.slice(key.length + 1) : undefined;
    const found = rest === undefined || rest === '' ? undefined : atPath(inner, rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a key of this name stands, at any depth; a list is one place, and so are objects by number. */
function findingsIn(value: Literal, name: string, path: string): readonly Finding[] {
  if (value.kind === 'list') {
    const found = value.items.map((item) => findingsIn(item, name, path));
    return found.findLast((each) => each.length > 0) ?? [];
  }
  if (value.kind !== 'object') return [];
  const own = value.entries.filter(([key]) => key === name);
  if (own.length > 1) return [{ twice: name }];
  const [entry] = own;
  if (entry) return [{ path: `${path}.${name}`, value: entry[1] }];
  if (value.entries.length > 1 && value.entries.every(([key]) => /^\d+$/.test(key))) {
    const inOrder = value.entries.toSorted(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
    return findingsIn({ kind: 'list', items: inOrder.map(([, inner]) => inner) }, name, path);
  }
  return value.entries.flatMap(([key, inner]) => findingsIn(inner, name, `${path}.${key}`));
}
