/**
 * A log as a terminal shows it: colours are gone, and a character that was written over another has taken its place.
 *
 * What a script redraws after a carriage return becomes a line of its own, since the earlier states of a progress bar
 * may hold figures too. Readers of a log and the evidence beside their reasons both go through here, so that a reason
 * cannot contradict the log that is shown beneath it.
 */
import { plainText } from './plain-text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: taking control codes out is what this is for.
const drawing = /[\u0008\u000b\u000c\u001b\u0085\u009b]/u;
const token =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
  /(?:\u001b\[|\u009b)(?<parameters>[0-?]*)[ -/]*(?<final>[@-~])|\u001b[PX^_][^\u001b\r\n]*(?:\u001b\\)?|\u001b[ -/]+[0-~]|(?<back>\u0008)|(?<feed>[\u000b\u000c\u0085])|(?<osc>\u001b\][^\u0007\u001b\r\n]*(?:\u0007|\u001b\\)?|\u001b.?)|(?<character>.)/gsu;
/** Moves to another line, or to a column counted from the left: what follows stands apart from what was before. */
const movesAway = 'ABEFHfdGJ';
/** Cells that a move to the right may skip; a script that asks for more gets no more. */
const maxColumns = 400;

/** The text of a log as a person reads it on a terminal, lines apart by `\n`. */
export function screenText(log: string): string {
  if (!drawing.test(log)) return plainText(log);
  return plainText(
    log
      .split(/(\r\n|\n|\r)/)
      .map((piece) => (drawing.test(piece) ? drawLine(piece) : piece))
      .join(''),
  );
}

/** Its lines, each no longer than a reader looks at: of a longer one the words at its beginning and its end. */
export function screenLines(log: string): string[] {
  return screenText(log).split('\n').map(shortened);
}

const maxCharacters = 5000;

function shortened(line: string): string {
  if (line.length <= 2 * maxCharacters) return line;
  // A number must not be cut in two.
  const head = line.slice(0, maxCharacters);
  const tail = line.slice(-maxCharacters);
  return `${head.slice(0, head.lastIndexOf(' ') + 1)}… ${tail.slice(tail.indexOf(' ') + 1)}`;
}

/** What one line shows, once all of its moves to the left and right are made. */
function drawLine(line: string): string {
  const shown: string[] = [];
  let cells: string[] = [];
  let column = 0;
  const begin = () => {
    shown.push(cells.join(''));
    [cells, column] = [[], 0];
  };
  for (const { groups = {} } of line.matchAll(token)) {
    const { parameters = '', final, back, feed, character } = groups;
    if (character !== undefined) cells[column++] = character;
    else if (back !== undefined) column = Math.max(0, column - 1);
    else if (feed !== undefined || (final !== undefined && movesAway.includes(final))) begin();
    else if (final === 'D') column = Math.max(0, column - countOf(parameters));
    else if (final === 'K' && (parameters === '' || parameters === '0')) cells.length = Math.min(cells.length, column);
    else if (final === 'C') {
      column = Math.min(column + countOf(parameters), maxColumns);
      while (cells.length < column) cells.push(' ');
    }
  }
  begin();
  return shown.filter((part) => part !== '').join('\n');
}

function countOf(parameters: string): number {
  const count = Number.parseInt(parameters, 10);
  return Number.isNaN(count) ? 1 : Math.max(1, count);
}
