/**
 * The block of a file that comes nearest to a quotation which is not in it, shown as a diff with line numbers.
 */

export interface Nearest {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** Share of the quotation found in it, in [0, 1]. */
  readonly likeness: number;
  /** `-` what was quoted, `+` what the file has, with the file's line numbers. */
  readonly diff: string;
}

const maxQuotedLines = 60;
const maxShownLines = 40;

/** Undefined when nothing in the file is anything like it. */
export function findNearest(content: string, quotation: string): Nearest | undefined {
  const own = content.split('\n');
  const quoted = trimBlankEnds(quotation.split('\n')).slice(0, maxQuotedLines);
  if (quoted.length === 0) return undefined;
  const [ownLines, quotedLines] = [own.map(lineOf), quoted.map(lineOf)];
  const last = Math.max(0, own.length - quoted.length);
  let best = { first: 0, likeness: 0 };
  for (let first = 0; first <= last; first++) {
    const sum = quotedLines.reduce((total, line, index) => total + likeness(line, ownLines[first + index]), 0);
    if (sum / quoted.length > best.likeness) best = { first, likeness: sum / quoted.length };
  }
  if (best.likeness < 0.35) return undefined;
  const block = own.slice(best.first, best.first + quoted.length);
  return { line: best.first + 1, likeness: best.likeness, diff: diffOf(quoted, block, best.first + 1) };
}

/** The lines around each of several places, with their numbers. */
export function showPlaces(content: string, lines: readonly number[]): string {
  const own = content.split('\n');
  return lines
    .slice(0, 5)
    .map((line) =>
      own
        .slice(Math.max(0, line - 2), line + 1)
        .map((text, index) => numbered(Math.max(1, line - 1) + index, text))
        .join('\n'),
    )
    .join('\n--\n');
}

function diffOf(quoted: readonly string[], block: readonly string[], firstLine: number): string {
  const lines = quoted.flatMap((line, index) => {
    const own = block[index];
    if (own === line) return [` ${numbered(firstLine + index, own)}`];
    const wanted = `-       ${line}`;
    return own === undefined ? [wanted] : [wanted, `+${numbered(firstLine + index, own)}`];
  });
  const rest = lines.length - maxShownLines;
  return [...lines.slice(0, maxShownLines), ...(rest > 0 ? [`(${rest} more lines)`] : [])].join('\n');
}

function numbered(number: number, text: string): string {
  return `${String(number).padStart(5)}  ${text}`;
}

interface Line {
  readonly text: string;
  readonly words: ReadonlySet<string>;
}

function lineOf(line: string): Line {
  return { text: line.trim(), words: new Set(line.match(/\w+|[^\s\w]/g)) };
}

/** How alike two lines are, in [0, 1]: shared words, how many of the quoted ones are there, and a common beginning. */
function likeness(quoted: Line, own: Line | undefined): number {
  if (own === undefined) return 0;
  if (quoted.words.size + own.words.size === 0) return 1;
  const [inQuoted, inOwn] = [weightOf(quoted.words), weightOf(own.words)];
  const shared = weightOf([...quoted.words].filter((word) => own.words.has(word)));
  const beginning = commonLength(quoted.text, own.text) / Math.max(1, quoted.text.length);
  return 0.4 * ((2 * shared) / (inQuoted + inOwn)) + 0.4 * (inQuoted > 0 ? shared / inQuoted : 0) + 0.2 * beginning;
}

/** Punctuation is in every line, so it weighs little. */
function weightOf(words: Iterable<string>): number {
  let weight = 0;
  for (const word of words) weight += /\w/.test(word) ? 1 : 0.2;
  return weight;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function trimBlankEnds(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}
