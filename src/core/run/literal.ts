/**
 * What a script prints of its own data: JSON as Python writes it (`NaN` included), a `repr` of a dict, or lines of either.
 *
 * Numbers stay as they are printed: `JSON.parse` makes a perfect 0 of 1e-400, and takes the digits off 2.10. A text that is
 * cut off or no such literal has no value.
 */
import { tokenAt } from './number-token.ts';

export type Literal =
  /** A number, a string or a word such as `nan` or `None`, as it is printed. */
  | { readonly kind: 'leaf'; readonly text: string; readonly isQuoted: boolean }
  | { readonly kind: 'list'; readonly items: readonly Literal[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: Literal])[] };

interface Parsed {
  readonly value: Literal;
  readonly end: number;
}

const maxDepth = 50;

/** The values of a text, one after the other, as a file of JSON lines has them; undefined for any other text. */
export function parseLiterals(text: string): readonly Literal[] | undefined {
  const values: Literal[] = [];
  let at = skipBlanks(text, text.startsWith('\uFEFF') ? 1 : 0);
  while (at < text.length) {
    const parsed = parseValue(text, at, 0);
    if (!parsed) return undefined;
    values.push(parsed.value);
    at = skipBlanks(text, parsed.end);
  }
  // Words one after the other are prose.
  const isProse = values.length > 1 && values.some(({ kind }) => kind === 'leaf');
  return values.length > 0 && !isProse ? values : undefined;
}

/** The value that begins at a place, such as the dict in the middle of a line. */
export function parseLiteralAt(text: string, at: number): Literal | undefined {
  return parseValue(text, at, 0)?.value;
}

function parseValue(text: string, start: number, depth: number): Parsed | undefined {
  const at = skipBlanks(text, start);
  if (depth > maxDepth) return undefined;
  if (text[at] === '{') return parseObject(text, at, depth);
  if (text[at] === '[' || text[at] === '(') return parseList(text, at, depth);
  return parseString(text, at) ?? parseWord(text, at);
}

function parseObject(text: string, open: number, depth: number): Parsed | undefined {
  const entries: [string, Literal][] = [];
  let at = skipBlanks(text, open + 1);
  while (text[at] !== '}') {
    const key = parseString(text, at) ?? parseWord(text, at);
    if (key?.value.kind !== 'leaf') return undefined;
    const colon = skipBlanks(text, key.end);
    const parsed = text[colon] === ':' ? parseValue(text, colon + 1, depth + 1) : undefined;
    if (!parsed) return undefined;
    entries.push([key.value.text, parsed.value]);
    const next = nextItem(text, parsed.end, '}');
    if (next === undefined) return undefined;
    at = next;
  }
  return { value: { kind: 'object', entries }, end: at + 1 };
}

function parseList(text: string, open: number, depth: number): Parsed | undefined {
  const close = text[open] === '[' ? ']' : ')';
  const items: Literal[] = [];
  let at = skipBlanks(text, open + 1);
  while (text[at] !== close) {
    const parsed = parseValue(text, at, depth + 1);
    if (!parsed) return undefined;
    items.push(parsed.value);
    const next = nextItem(text, parsed.end, close);
    if (next === undefined) return undefined;
    at = next;
  }
  return { value: { kind: 'list', items }, end: at + 1 };
}

/** Where the next item begins, or the closing bracket stands. */
function nextItem(text: string, end: number, close: string): number | undefined {
  const at = skipBlanks(text, end);
  if (text[at] === ',') return skipBlanks(text, at + 1);
  return text[at] === close ? at : undefined;
}

const quotedText = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/y;

function parseString(text: string, at: number): Parsed | undefined {
  quotedText.lastIndex = at;
  const match = quotedText.exec(text);
  if (!match) return undefined;
  const raw = match[1] ?? match[2] ?? '';
  return { value: { kind: 'leaf', text: unescaped(raw), isQuoted: true }, end: at + match[0].length };
}

function unescaped(raw: string): string {
  return raw.replace(/\\(?:u([\dA-Fa-f]{4})|(.))/gsu, (_, code: string | undefined, character: string) =>
    code === undefined ? character : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function parseWord(text: string, at: number): Parsed | undefined {
  const token = tokenAt(text, at);
  if (token.text === '' || token.end <= at) return undefined;
  // A comma between items may have no blank behind it, as in `[0.9,0.54]`.
  const [item = ''] = /^[^,(<]+(?=,)/.exec(token.text) ?? [];
  if (item !== '')
    return { value: { kind: 'leaf', text: item, isQuoted: false }, end: token.end - token.text.length + item.length };
  // A number in its wrapper, such as `np.float64(0.54)`, is read by itself again.
  return { value: { kind: 'leaf', text: token.text, isQuoted: false }, end: token.end };
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (next < text.length && /\s/.test(text[next] ?? '')) next += 1;
  return next;
}
