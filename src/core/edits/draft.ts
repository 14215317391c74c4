/**
 * The edited source as a value: an edit makes a new draft, or feedback that helps the model to mend the edit.
 *
 * An edit call applies as a whole or not at all, and only to the editable files.
 */
import { applyPatch, type StructuredPatchHunk } from 'diff';
import {
  type Change,
  cleanPair,
  type FormReading,
  looksLikeBlocks,
  readContent,
  readDiff,
  readSearchBlocks,
} from './edit-forms.ts';
import { findElision } from './elision.ts';
import { findNearest, showPlaces } from './find-nearest.ts';
import { lineNumberAt, matchEdit } from './lenient-match.ts';
import { withoutLineNumbers } from './line-numbers.ts';
import { findEmptyBlock } from './reindent.ts';

export type Files = Readonly<Record<string, string>>;

/** What a model asks for in one edit call: exactly one of the three forms. */
export interface EditRequest {
  readonly file?: string | undefined;
  readonly edits?: readonly { readonly find: string; readonly replace: string }[] | undefined;
  readonly content?: string | undefined;
  readonly diff?: string | undefined;
}

export type Edited =
  | { readonly kind: 'edited'; readonly files: Files; readonly file: string; readonly note: string }
  | { readonly kind: 'refused'; readonly feedback: string };

/** Applies one edit call to the draft. `sandbox` is the folder's path, which models often put before a file's path. */
export function editDraft(files: Files, request: EditRequest, sandbox: string): Edited {
  const file = resolveFile(files, request.file, sandbox);
  if (file === undefined) {
    const found = request.file === undefined ? 'Say which file to edit' : `${request.file} may not be edited`;
    return refused(`${found}. Only these may: ${Object.keys(files).join(', ')}.`);
  }
  const own = files[file] as string;
  const given = givenForm(request);
  if (!given) return refused('Give exactly one of `edits`, `content` and `diff`.');
  const isCrlf = own.includes('\r\n') && !/[^\r]\n/.test(own);
  const text = isCrlf ? own.replace(/\r\n/g, '\n') : own;
  const reading = readForm(given, text);
  if (reading.kind === 'refused') return refused(`Nothing was changed: ${reading.reason}.`);
  const other = reading.files.find((named) => named !== '/dev/null' && resolveFile(files, named, sandbox) !== file);
  if (other !== undefined) return refused(`Nothing was changed: the diff is for ${other}, the call for ${file}.`);
  const result = applyChanges(text, reading.changes);
  if (result.kind === 'refused') return result;
  if (result.text === text) return refused(`Nothing was changed: ${file} already reads like that.`);
  const empty = file.endsWith('.py') && !findEmptyBlock(text) ? findEmptyBlock(result.text) : undefined;
  if (empty !== undefined)
    return refused(`Nothing was changed: \`${empty.trim()}\` would have no block below it. Indent what follows.`);
  const edited = isCrlf ? result.text.replace(/\n/g, '\r\n') : result.text;
  return { kind: 'edited', files: { ...files, [file]: edited }, file, note: noteOf(text, result.text) };
}

/** The editable file that a path means; the only one when none is named. */
function resolveFile(files: Files, path: string | undefined, sandbox: string): string | undefined {
  const names = Object.keys(files);
  if (path === undefined || path.trim() === '') return names.length === 1 ? names[0] : undefined;
  const plain = path.trim().replace(/^\.\//, '');
  const inSandbox = sandbox === '.' ? '' : `${sandbox.replace(/^\.\//, '').replace(/\/$/, '')}/`;
  const bare = plain.replace(/^[ab]\//, '');
  const readings = [
    plain,
    bare,
    ...[plain, bare]
      .filter((name) => inSandbox !== '' && name.startsWith(inSandbox))
      .map((name) => name.slice(inSandbox.length)),
  ];
  return readings.find((name) => names.includes(name));
}

type Given = Pick<EditRequest, 'edits' | 'content' | 'diff'>;

/** The one form that is not empty; models often send the others too, empty. */
function givenForm({ edits, content, diff }: EditRequest): Given | undefined {
  const given: Given[] = [];
  if (edits?.length) given.push({ edits });
  if (content?.trim()) given.push({ content });
  if (diff?.trim()) given.push({ diff });
  return given.length === 1 ? given[0] : undefined;
}

function readForm(request: Given, own: string): FormReading {
  const reading = readGiven(request, own);
  if (reading.kind === 'refused') return reading;
  const changes: Change[] = [];
  for (const change of reading.changes) {
    const plain = change.kind === 'write' ? change : withoutLineNumbers(change, own);
    if (plain.kind === 'refused') return plain;
    changes.push(plain.kind === 'pair' ? { ...change, ...plain, kind: 'replace' } : plain);
  }
  return { ...reading, changes };
}

function readGiven({ content, diff, edits = [] }: Given, own: string): FormReading {
  if (content !== undefined) return readContent(content, own);
  if (diff !== undefined) return looksLikeBlocks(diff) ? readSearchBlocks(diff) : readDiff(diff);
  return { kind: 'read', changes: edits.map(({ find, replace }) => cleanPair(find, replace, own)), files: [] };
}

type Applied = { readonly kind: 'applied'; readonly text: string } | Extract<Edited, { kind: 'refused' }>;

function applyChanges(own: string, changes: readonly Change[]): Applied {
  let text = own;
  for (const [index, change] of changes.entries()) {
    const applied = change.kind === 'write' ? write(text, change.content) : replaceOnce(text, change);
    if (applied.kind === 'applied') text = applied.text;
    else if (changes.length === 1) return applied;
    else return refused(`Nothing was changed, because of edit ${index + 1} of ${changes.length}. ${applied.feedback}`);
  }
  return { kind: 'applied', text };
}

function write(own: string, content: string): Applied {
  const elision = findElision(content, own);
  if (elision !== undefined) return refused(elided('the content', elision));
  const mark = own.startsWith('\uFEFF') && !content.startsWith('\uFEFF') ? '\uFEFF' : '';
  const end = own.endsWith('\n') && !content.endsWith('\n') ? '\n' : '';
  return { kind: 'applied', text: mark + content.replace(/^\n+/, '') + end };
}

function replaceOnce(text: string, change: Extract<Change, { kind: 'replace' }>): Applied {
  const { find, replace, lineHint } = change;
  if (find.trim() === '')
    return refused('`find` is empty. Quote the lines to replace; to insert, quote the line before.');
  const elision = findElision(replace, text);
  if (elision !== undefined) return refused(elided('`replace`', elision));
  const match = matchEdit(text, find, replace);
  switch (match.kind) {
    case 'found':
      return { kind: 'applied', text: text.slice(0, match.start) + match.text + text.slice(match.end) };
    case 'unclear':
      return refused(`The text is there, but ${match.reason}.`);
    case 'many':
      return applyAtHint(text, change, match.lines) ?? refused(foundOften(text, match.lines));
    case 'none':
      return (lineHint === undefined ? undefined : applyWithFuzz(text, change)) ?? refused(notFound(text, find));
    default:
      return match satisfies never;
  }
}

/** A diff's line number decides between several places only when the text stands exactly there. */
function applyAtHint(
  text: string,
  { find, replace, lineHint }: Extract<Change, { kind: 'replace' }>,
  lines: readonly number[],
): Applied | undefined {
  if (lineHint === undefined || !lines.includes(lineHint)) return undefined;
  const start =
    text
      .split('\n')
      .slice(0, lineHint - 1)
      .join('\n').length + (lineHint > 1 ? 1 : 0);
  if (!text.startsWith(`${find}\n`, start)) return undefined;
  return { kind: 'applied', text: text.slice(0, start) + replace + text.slice(start + find.length) };
}

/** A diff whose context is a little wrong applies when the lines it removes stand in one place only. */
function applyWithFuzz(
  text: string,
  { find, replace, lineHint = 1 }: Extract<Change, { kind: 'replace' }>,
): Applied | undefined {
  const lines = diffLines(find.split('\n'), replace.split('\n'));
  const removed = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  const own = text.split('\n');
  const places = own.filter((_, first) => removed.every((line, index) => own[first + index] === line)).length;
  if (removed.length === 0 || removed.every((line) => line.trim().length < 4) || places !== 1) return undefined;
  const hunk: StructuredPatchHunk = {
    oldStart: lineHint,
    oldLines: find.split('\n').length,
    newStart: lineHint,
    newLines: replace.split('\n').length,
    lines,
  };
  const patch = { oldFileName: 'a', newFileName: 'b', oldHeader: '', newHeader: '', hunks: [hunk] };
  const patched = applyPatch(text, patch as never, { fuzzFactor: 2 });
  return patched === false ? undefined : { kind: 'applied', text: patched };
}

/** The hunk's lines, rebuilt from its two sides: lines that both begin or end with are context. */
function diffLines(before: readonly string[], after: readonly string[]): string[] {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const marked = (lines: readonly string[], mark: string) => lines.map((line) => mark + line);
  return [
    ...marked(before.slice(0, head), ' '),
    ...marked(before.slice(head, before.length - tail), '-'),
    ...marked(after.slice(head, after.length - tail), '+'),
    ...marked(before.slice(before.length - tail), ' '),
  ];
}

function notFound(text: string, find: string): string {
  const elision = findElision(find, text);
  if (elision !== undefined) return elided('`find`', elision);
  const nearest = findNearest(text, find);
  if (!nearest) return 'Nothing like the text to replace is in the file. Read it again with read_file.';
  return `The text to replace is not in the file. Nearest is line ${nearest.line} (- as quoted, + as in the file):\n${nearest.diff}\nQuote the file exactly.`;
}

function foundOften(text: string, lines: readonly number[]): string {
  return `The text to replace is in the file ${lines.length} times, at lines ${lines.join(', ')}:\n${showPlaces(text, lines)}\nQuote more lines around the one you mean.`;
}

function elided(where: string, line: string): string {
  return `Nothing was changed: ${where} holds \`${line.slice(0, 80)}\`, which stands for code left out and would delete it. Write every line.`;
}

function noteOf(before: string, after: string): string {
  let first = 0;
  while (before[first] === after[first] && first < before.length) first += 1;
  const lines = after.split('\n');
  const line = lineNumberAt(after, Math.min(first, after.length));
  const shown = lines.slice(Math.max(0, line - 3), line + 9);
  return shown.map((text, index) => `${String(Math.max(1, line - 2) + index).padStart(5)}  ${text}`).join('\n');
}

function refused(feedback: string): Extract<Edited, { kind: 'refused' }> {
  return { kind: 'refused', feedback };
}
