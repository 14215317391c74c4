/**
 * Writes ranges into a brief's `space:`, as text: comments, order and every other byte stay as they are.
 *
 * What cannot be written safely is refused; the new text is parsed again, and must be the same brief but for its ranges.
 */
import { isMap, parse, parseDocument } from 'yaml';
import { type ReadResult, read, refuse } from '../base/read-result.ts';
import { hasFrontMatter } from './front-matter.ts';

/** Ranges to declare, knob name -> range text. */
export type Ranges = Readonly<Record<string, string>>;

/** The brief's text with further ranges under `space:`; none of them may be there already. */
export function writeSpace(text: string, ranges: Ranges): ReadResult<string> {
  if (!hasFrontMatter(text))
    return refuse('a brief with front matter', { hint: 'Begin it with `---`, its settings and `---`.' });
  const bounds = frontMatterBounds(text);
  const yaml = text.slice(bounds.start, bounds.end);
  const newline = yaml.includes('\r\n') ? '\r\n' : '\n';
  const document = parseDocument(yaml, { stringKeys: true });
  const top = document.contents;
  const pair = isMap(top) ? top.items.find(({ key }) => String(key) === 'space') : undefined;
  const place = (offset: number, inserted: string) => {
    const at = bounds.start + offset;
    return read(text.slice(0, at) + inserted + text.slice(at));
  };
  if (pair === undefined) return place(yaml.length, `space:${newline}${blockLines(ranges, '  ', newline)}`);
  const map = pair.value;
  const lineStart = (offset: number) => yaml.lastIndexOf('\n', offset - 1) + 1;
  if (!isMap(map)) {
    const isEmpty = parse(yaml).space === null;
    return isEmpty ? refuse('`space:` removed, or with a range under it') : refuse('`space:` with ranges under it');
  }
  const [start = 0, end = 0] = map.range ?? [];
  if (map.flow)
    return intoBraces(yaml.slice(start, end), ranges, (offset, inserted) => place(start + offset, inserted));
  const indent = yaml.slice(lineStart(start), start);
  if (indent.trim() !== '') return refuse('`space:` with its ranges on lines of their own');
  const lastLine = lineEnd(yaml, lastContent(yaml, start, end));
  const isOpen = lastLine === yaml.length && !yaml.endsWith('\n');
  return place(lastLine, `${isOpen ? newline : ''}${blockLines(ranges, indent, newline)}`);
}

/** From the line after the first `---` to the beginning of the second. */
function frontMatterBounds(text: string): { start: number; end: number } {
  const opening = /---[ \t]*\r?\n/.exec(text);
  const start = (opening?.index ?? 0) + (opening?.[0].length ?? 0);
  const closing = /^---[ \t]*\r?$/m.exec(text.slice(start));
  return { start, end: start + (closing?.index ?? 0) };
}

/** The last byte of a block that is neither blank nor a comment of what follows. */
function lastContent(yaml: string, start: number, end: number): number {
  const lines = yaml.slice(start, end).trimEnd();
  return start + lines.length;
}

function lineEnd(yaml: string, offset: number): number {
  const found = yaml.indexOf('\n', Math.max(0, offset - 1));
  return found === -1 ? yaml.length : found + 1;
}

function blockLines(ranges: Ranges, indent: string, newline: string): string {
  return Object.entries(ranges)
    .map(([name, range]) => `${indent}${key(name)}: ${scalar(range)}${newline}`)
    .join('');
}

/** Before the closing brace of `{ LR: log 0.01..1 }`. */
function intoBraces(
  braces: string,
  ranges: Ranges,
  place: (offset: number, inserted: string) => ReadResult<string>,
): ReadResult<string> {
  if (braces.includes('#')) return refuse('`space:` without comments between its braces');
  const items = Object.entries(ranges).map(([name, range]) => `${key(name)}: ${JSON.stringify(range)}`);
  const inside = braces.slice(1, -1).trimEnd();
  const comma = inside.trim() === '' ? ' ' : inside.endsWith(',') ? ' ' : ', ';
  const after = braces.slice(1 + inside.length, -1) === '' ? ' ' : '';
  return place(1 + inside.length, `${comma}${items.join(', ')}${after}`);
}

/** As plain as YAML allows. */
function scalar(range: string): string {
  return parse(`a: ${range}`)?.a === range ? range : JSON.stringify(range);
}

/** In quotes where YAML would read brackets, as in `layers[0]`. */
function key(name: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(name) ? name : JSON.stringify(name);
}
