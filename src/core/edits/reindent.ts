/**
 * Fits a replacement to the indentation of the place where its quotation was found.
 *
 * Models drop the indentation of a quotation's first line, or of all its lines, and may or may not do the same in the
 * replacement. Where more than one indentation would make sense, the model is told to be exact.
 */

export type Fit =
  | { readonly kind: 'fits'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'unclear'; readonly reason: string };

const columnsPerTab = 4;
const ambiguous =
  'it is not clear how far the replacement is to be indented; give `find` and `replace` as whole lines with the indentation of the file';

/** Columns before the first visible character. */
export function indentOf(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === '\t') columns += columnsPerTab;
    else if (character === ' ') columns += 1;
    else break;
  }
  return columns;
}

/** The replacement of an exact quotation at `start`, which may have lost the indentation of its first line. */
export function fitAtLine(content: string, start: number, find: string, replace: string): Fit {
  const end = start + find.length;
  const asIs: Fit = { kind: 'fits', start, end, text: replace };
  const lineStart = content.lastIndexOf('\n', start - 1) + 1;
  const before = content.slice(lineStart, start);
  if (start === lineStart) return fitWholeLines(asIs, find, replace);
  if (before.trim() !== '' || /^\s/.test(find)) return asIs;
  const base = indentOf(before);
  const [firstLine = '', ...rest] = replace.split('\n');
  const indent = firstLine.trim() === '' ? 0 : indentOf(firstLine);
  if (indent > 0) return indent === base ? { ...asIs, start: lineStart } : unclear();
  if (find.includes('\n') || rest.every((line) => line.trim() === '')) return asIs;
  return fitRest(asIs, firstLine, rest, base, before);
}

/** A quotation of whole lines: its replacement may have slipped to another indentation as a whole. */
function fitWholeLines(asIs: Extract<Fit, { kind: 'fits' }>, find: string, replace: string): Fit {
  const quoted = find.split('\n').filter((line) => line.trim() !== '');
  const wanted = replace.split('\n').filter((line) => line.trim() !== '');
  const [before, after] = [quoted[0], wanted[0]];
  if (before === undefined || after === undefined || indentOf(before) === indentOf(after)) return asIs;
  if (isSlipped(before, after) || isSlipped(quoted.at(-1), wanted.at(-1))) return unclear();
  if (indentOf(after) > 0 || beginsTopLevel(after)) return asIs;
  if (wanted.length > 1 || quoted.length > 1) return unclear();
  return { ...asIs, text: leadingOf(before) + replace };
}

/** The same line with another indentation. */
function isSlipped(before: string | undefined, after: string | undefined): boolean {
  return before?.trim() === after?.trim() && before?.trimEnd() !== after?.trimEnd();
}

/** One quoted line became several: are the others indented as in the file, or relative to the first? */
function fitRest(
  asIs: Extract<Fit, { kind: 'fits' }>,
  first: string,
  rest: readonly string[],
  base: number,
  before: string,
): Fit {
  const next = rest.find((line) => line.trim() !== '') ?? '';
  if (indentOf(next) === 0 && beginsTopLevel(next)) return unclear();
  const opens = opensBlock(first);
  const isAsInFile = opens ? indentOf(next) > base : indentOf(next) === base;
  if (isAsInFile) return asIs;
  const isRelative = opens ? indentOf(next) > 0 : indentOf(next) === 0;
  if (!isRelative) return unclear();
  const shifted = rest.map((line) => (line.trim() === '' ? '' : before + line));
  return { ...asIs, text: [first, ...shifted].join('\n') };
}

/** The replacement of quoted lines that were found with another indentation; its start and end are unused, and 0. */
export function fitLines(own: readonly string[], quoted: readonly string[], replace: string): Fit {
  const place = { kind: 'fits', start: 0, end: 0 } as const;
  const at = quoted.findIndex((line) => line.trim() !== '');
  const ownFirst = own[at] as string;
  const shift = indentOf(ownFirst) - indentOf(quoted[at] as string);
  const lines = replace.split('\n');
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined) return { ...place, text: '' };
  const usesTabs = /^\t/.test(own.find((line) => /^\s+\S/.test(line)) ?? '');
  const quotesTabs = quoted.some((line) => /^ *\t/.test(line));
  if (shift === 0 && usesTabs === quotesTabs)
    return fitWholeLines({ ...place, text: replace }, quoted.join('\n'), replace);
  if (indentOf(first) !== indentOf(quoted[at] as string)) {
    return indentOf(first) === indentOf(ownFirst) ? { ...place, text: replace } : unclear();
  }
  const isFirstOnly = quoted.some(
    (line, index) => index > at && line.trim() !== '' && indentOf(own[index] as string) === indentOf(line),
  );
  const shiftOf = (index: number) => (isFirstOnly && index !== lines.indexOf(first) ? 0 : shift);
  if (lines.some((line, index) => line.trim() !== '' && indentOf(line) + shiftOf(index) < 0)) return unclear();
  return { ...place, text: lines.map((line, index) => reindent(line, shiftOf(index), usesTabs)).join('\n') };
}

function reindent(line: string, shift: number, usesTabs: boolean): string {
  if (line.trim() === '') return '';
  const columns = indentOf(line) + shift;
  const text = line.trimStart();
  return usesTabs
    ? '\t'.repeat(Math.floor(columns / columnsPerTab)) + ' '.repeat(columns % columnsPerTab) + text
    : ' '.repeat(columns) + text;
}

/** Indented by tabs or by blanks, as the file is; a file that has both is left alone. */
export function withOwnBlanks(content: string, text: string): string {
  const hasTabs = /^\t/m.test(content);
  const hasBlanks = /^ {2}/m.test(content);
  if (hasTabs === hasBlanks) return text;
  return text.replace(/^[\t ]+(?=\S)/gm, (leading) => {
    const columns = indentOf(leading);
    if (hasBlanks) return leading.includes('\t') ? ' '.repeat(columns) : leading;
    return columns % columnsPerTab === 0 ? '\t'.repeat(columns / columnsPerTab) : leading;
  });
}

const opener = /^(?:if|elif|else|for|while|with|def|class|try|except|finally|async|match|case)\b.*:\s*(?:#.*)?$/;

/** A line of Python that opens a block with nothing in it: the sign that the indentation of what follows was lost. */
export function findEmptyBlock(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return lines.find((line, index) => {
    const next = lines[index + 1];
    return next !== undefined && opener.test(line.trim()) && indentOf(next) <= indentOf(line);
  });
}

function leadingOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

function opensBlock(line: string): boolean {
  return /[:({[]\s*(?:#.*)?$/.test(line);
}

function beginsTopLevel(line: string): boolean {
  return /^(?:def|class|async def|import|from|@|#|if __name__|[A-Z][A-Z0-9_]* *=)/.test(line);
}

function unclear(): Fit {
  return { kind: 'unclear', reason: ambiguous };
}
