/**
 * Editors of agents and models write one kind of line end into the whole file; the lines that they did not mean to change
 * keep theirs.
 */
import { diffArrays } from 'diff';

/** Above so many changed lines, every line gets the end that most lines had. */
const maxChangedLines = 2000;

const byteOrderMark = '\uFEFF';

/**
 * The edited text with the byte order mark and the line ends of the text before: a line that is unchanged but for its end is
 * as it was, and a new one ends like the one that it replaces or follows.
 */
export function keepFileForm(before: string, edited: string): string {
  const isMarkLost = before.startsWith(byteOrderMark) && !edited.startsWith(byteOrderMark);
  return keepLineEnds(before, isMarkLost ? byteOrderMark + edited : edited);
}

function keepLineEnds(before: string, edited: string): string {
  if (before === edited || !`${before}${edited}`.includes('\r')) return edited;
  const [old, wanted] = [linesOf(before), linesOf(edited)];
  const usual = usualEnd(old);
  const changes = diffArrays(textsOf(old), textsOf(wanted), { maxEditLength: maxChangedLines });
  if (changes === undefined) return wanted.map(({ text, end }) => text + (end === '' ? '' : usual)).join('');
  const lines: string[] = [];
  const used = { before: 0, edited: 0, end: usual };
  for (const { added, removed, value } of changes) {
    for (const text of value) {
      if (removed) {
        used.end = old[used.before]?.end || used.end;
        used.before += 1;
        continue;
      }
      const own = wanted[used.edited];
      used.edited += 1;
      if (!added) {
        used.end = old[used.before]?.end || used.end;
        used.before += 1;
      }
      // The last line of a text may have no end; whether it has one is the editor's to say.
      lines.push(text + (own?.end === '' ? '' : used.end));
    }
  }
  return lines.join('');
}

interface Line {
  readonly text: string;
  /** Empty where the text ends without one. */
  readonly end: string;
}

function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)].flatMap(([whole, line = '', end = '']) =>
    whole === '' ? [] : [{ text: line, end }],
  );
}

function textsOf(lines: readonly Line[]): string[] {
  return lines.map(({ text }) => text);
}

function usualEnd(lines: readonly Line[]): string {
  const count = (end: string) => lines.filter((line) => line.end === end).length;
  return count('\r\n') > count('\n') ? '\r\n' : '\n';
}
