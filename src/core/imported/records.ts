/**
 * Splits a text into the records of a table: tabs, commas, semicolons, bars or several blanks between the cells, quoted
 * cells with line breaks, and the tables of a Markdown document.
 */

export type Delimiter = '\t' | ',' | ';' | '|' | 'blanks';

/** One record: the line on which it begins, its cells, trimmed, and its source. */
export interface TableRecord {
  readonly line: number;
  readonly cells: readonly string[];
  readonly text: string;
}

export interface Records {
  readonly delimiter: Delimiter;
  readonly records: readonly TableRecord[];
  readonly comments: readonly TableRecord[];
}

const candidates: readonly Delimiter[] = ['\t', ',', ';', '|', 'blanks'];

/** The records of a text, with the delimiter that most of its lines agree on. */
export function readRecords(text: string): Records {
  const clean = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const sample = clean
    .split('\n', 400)
    .filter((line) => line.trim() !== '' && !isComment(line))
    .slice(0, 200);
  const delimiter = delimiterOf(sample);
  const records: TableRecord[] = [];
  const comments: TableRecord[] = [];
  for (const record of split(clean, delimiter)) {
    if (record.text.trim() === '') continue;
    (isComment(record.text) ? comments : records).push(record);
  }
  return { delimiter, records, comments };
}

/** A line that speaks to the reader: `# …` and `// …`. A header such as `#\tval_loss` is none. */
function isComment(line: string): boolean {
  return /^\s*(?:#(?![\t|,;]|\w+[\t|,;])|\/\/)/.test(line);
}

function delimiterOf(lines: readonly string[]): Delimiter {
  // The header tells: a tab between its names settles it, however many commas the descriptions have.
  const tabbed = lines.filter((line) => line.includes('\t')).length;
  if (tabbed > 0 && (tabbed >= lines.length / 2 || (lines[0] ?? '').includes('\t'))) return '\t';
  const piped = lines.filter((line) => /^\s*\|.*\|\s*$/.test(line)).length;
  if (piped >= 2) return '|';
  const scores = candidates.slice(1).map((delimiter) => ({ delimiter, score: agreement(lines, delimiter) }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a), { delimiter: ',' as Delimiter, score: 0 });
  return best.score > 0 ? best.delimiter : '\t';
}

/** The share of lines that have as many cells as the first, if that is at least two; more cells win among equals. */
function agreement(lines: readonly string[], delimiter: Delimiter): number {
  const counts = lines.map((line) => cellsOf(line, delimiter).length);
  const [first = 0] = counts;
  if (first < 2) return 0;
  return counts.filter((count) => count >= first).length / counts.length + Math.min(first, 50) / 1000;
}

function cellsOf(line: string, delimiter: Delimiter): readonly string[] {
  const [record] = split(line, delimiter);
  return record?.cells ?? [];
}

function split(text: string, delimiter: Delimiter): readonly TableRecord[] {
  if (delimiter === '|')
    return text.split('\n').map((line, index) => ({ line: index + 1, cells: barCells(line), text: line }));
  if (delimiter === 'blanks') {
    return text
      .split('\n')
      .map((line, index) => ({ line: index + 1, cells: line.trim().split(/\s{2,}|\t/), text: line }));
  }
  return quotedRecords(text, delimiter);
}

function barCells(line: string): readonly string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
}

/** So long may a quoted cell be. */
const maxQuotedCharacters = 65_536;

function quotedRecords(text: string, delimiter: string): TableRecord[] {
  const records: TableRecord[] = [];
  let cells: string[] = [];
  let line = 1;
  let begunOn = 1;
  let begunAt = 0;
  let at = 0;
  while (at <= text.length) {
    const quoted = text[at] === '"' ? quotedCell(text, at, delimiter) : undefined;
    const end = quoted?.end ?? endOfCell(text, at, delimiter);
    cells.push((quoted?.value ?? text.slice(at, end)).trim());
    if (quoted) line += lineBreaksIn(text.slice(at, end));
    if (text[end] !== delimiter) {
      records.push({ line: begunOn, cells, text: text.slice(begunAt, end) });
      cells = [];
      line += 1;
      begunOn = line;
      begunAt = end + 1;
    }
    at = end + 1;
  }
  return records;
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at += 1;
  return at;
}

/** A cell in quotes, up to the delimiter or line end behind it; undefined where the quote only begins a text. */
function quotedCell(text: string, from: number, delimiter: string): { value: string; end: number } | undefined {
  const limit = Math.min(text.length, from + maxQuotedCharacters);
  for (let at = from + 1; at < limit; at++) {
    if (text[at] !== '"') continue;
    if (text[at + 1] === '"') {
      at += 1;
      continue;
    }
    const next = text[at + 1];
    if (next !== undefined && next !== delimiter && next !== '\n') return undefined;
    const value = text.slice(from + 1, at);
    // A quote that is never closed would swallow the rows below it: between tabs, a cell with a line break has no tab.
    if (value.includes('\n') && delimiter === '\t' && value.includes('\t')) return undefined;
    return { value: value.replaceAll('""', '"'), end: at + 1 };
  }
  return undefined;
}

function lineBreaksIn(text: string): number {
  return text.split('\n').length - 1;
}
