/**
 * Text measured in a terminal's columns: a Chinese character or an emoji takes two of them, an accent none.
 */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/** How many columns the text takes; colours take none. */
export const widthOf: (text: string) => number = stringWidth;

/** The text, filled up with blanks to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** A text without colours, whole if it fits into `width` columns, else its beginning and `…`; no character is cut. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let beginning = '';
  for (const { segment } of graphemes.segment(text)) {
    if (widthOf(beginning + segment) > width - 1) break;
    beginning += segment;
  }
  return `${beginning}…`;
}

/** The same, cut between words where that leaves at least half of the width. */
export function cutBetweenWords(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const beginning = cutTo(text, width).slice(0, -1);
  const isWhole = text.charAt(beginning.length) === ' ';
  const end = isWhole ? beginning.length : beginning.lastIndexOf(' ');
  return `${(end > beginning.length / 2 ? beginning.slice(0, end) : beginning).replace(/[\s,:;]+$/, '')}…`;
}

/** The text in lines of at most `width` columns, broken between words; what is broken off is indented like its line. */
export function wrapTo(text: string, width: number): string {
  return wrapped(text, width, /^ *(?:\d+ )?/);
}

/** What is said on stderr, broken between words where a terminal would break it anywhere; for a file or a pipe each line stays whole. */
export function fitted(text: string): string {
  return process.stderr.isTTY ? wrapTo(text, Math.max(minColumns, process.stderr.columns)) : text;
}

/** What lines are made for; on a narrower terminal they are left as they are. */
const minColumns = 80;

/** Lines that begin with names, where stdout is a terminal: what does not fit stands below, `indent` columns in. */
export function wrapUnderNames(text: string, indent: number): string {
  const { isTTY, columns } = process.stdout;
  return isTTY ? wrapped(text, Math.max(2 * indent, columns), new RegExp(`^.{0,${indent}}`)) : text;
}

function wrapped(text: string, width: number, indent: RegExp): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width, indent))
    .join('\n');
}

function wrapLine(line: string, width: number, indent: RegExp): string {
  if (widthOf(line) <= width) return line;
  const [beginning = ''] = indent.exec(stripVTControlCharacters(line)) ?? [];
  const lines: string[] = [];
  let current = '';
  // Each word with the blanks before it.
  for (const word of line.split(/(?<=\S)(?= )/)) {
    if (widthOf(current + word) <= width || widthOf(current) <= beginning.length) current += word;
    else {
      lines.push(current);
      current = ' '.repeat(beginning.length) + word.trimStart();
    }
  }
  return [...lines, current].join('\n');
}
