/**
 * The forms in which models hand in edits, whatever they were asked for, read into one list of changes.
 *
 * Understood: find and replace, a unified diff with any counts or none, `*** Begin Patch` blocks, SEARCH/REPLACE
 * blocks, and a whole file with or without fences and chatter around it.
 */

import { contentWithoutLineNumbers } from './line-numbers.ts';

export type Change =
  | { readonly kind: 'replace'; readonly find: string; readonly replace: string; readonly lineHint?: number }
  | { readonly kind: 'write'; readonly content: string };

export type FormReading =
  | { readonly kind: 'read'; readonly changes: readonly Change[]; readonly files: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Reads a text that was given as a whole file, and may be a diff or blocks instead. */
export function readContent(raw: string, own: string): FormReading {
  const text = raw.replace(/\r\n?/g, '\n');
  if (looksLikeDiff(text)) return readDiff(text);
  if (looksLikeBlocks(text)) return readSearchBlocks(text);
  const fences = [...text.matchAll(/^(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)^\1[ \t]*$/gm)];
  const hasOwnFences = /^(`{3,}|~{3,})/m.test(own);
  if (fences.length === 0 || hasOwnFences) return readPlainFile(text, own);
  const [body = ''] = fences.map((match) => match[2] ?? '');
  if (fences.length > 1) {
    return { kind: 'refused', reason: 'it holds several fenced blocks; give one whole file, or `edits`' };
  }
  if (looksLikeDiff(body)) return readDiff(body);
  return readPlainFile(body, own);
}

const chatter =
  /^(?:here(?:'s| is| are)|sure\b|certainly\b|okay\b|of course\b|below is|i(?:'ve| have)\b|the (?:full|complete|updated|new|modified)\b)/i;

function readPlainFile(text: string, own: string): FormReading {
  const first = text.split('\n').find((line) => line.trim() !== '') ?? '';
  if (chatter.test(first) && !own.includes(first)) {
    return {
      kind: 'refused',
      reason: 'it begins with words that are not code; `content` must be the file and nothing else',
    };
  }
  if (/^(?:`{3,}|~{3,})/m.test(text) && !/^(?:`{3,}|~{3,})/m.test(own)) {
    return { kind: 'refused', reason: 'it holds a fence that is opened or closed only once, so it may be cut off' };
  }
  const lines = (file: string) => file.split('\n').filter((line) => line.trim() !== '').length;
  if (lines(text) < 0.4 * lines(own)) {
    const size = `${lines(text)} lines against the ${lines(own)} there are`;
    return {
      kind: 'refused',
      reason: `it has ${size}, which looks cut off; remove that much with \`edits\` if you mean it`,
    };
  }
  return { kind: 'read', changes: [{ kind: 'write', content: contentWithoutLineNumbers(text, own) }], files: [] };
}

/** One find-and-replace pair without the fences and diff marks that models copy along. */
export function cleanPair(rawFind: string, rawReplace: string, own: string): Extract<Change, { kind: 'replace' }> {
  const [find, replace] = [rawFind, rawReplace].map((text) => unfence(text.replace(/\r\n?/g, '\n'), own)) as [
    string,
    string,
  ];
  if (own.includes(find)) return { kind: 'replace', find, replace };
  if (isMarked(find, '-') && isMarked(replace, '+'))
    return { kind: 'replace', find: unmark(find), replace: unmark(replace) };
  return { kind: 'replace', find, replace };
}

function unfence(text: string, own: string): string {
  const [, , inner] = /^\s*(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)\n?\1\s*$/.exec(text) ?? [];
  return inner === undefined || own.includes(text) ? text : inner;
}

function isMarked(text: string, mark: string): boolean {
  const lines = text.split('\n').filter((line) => line !== '');
  return (
    lines.some((line) => line.startsWith(mark)) && lines.every((line) => line.startsWith(mark) || line.startsWith(' '))
  );
}

function unmark(text: string): string {
  return text
    .split('\n')
    .map((line) => line.slice(1))
    .join('\n');
}

function looksLikeDiff(text: string): boolean {
  return /^@@/m.test(text) && /^[-+]/m.test(text) && !/^(?:import|from|def|class) /m.test(text.split('\n')[0] ?? '');
}

/** Each hunk becomes a pair: what it says was there, and what is to be there. Its counts are not looked at. */
export function readDiff(text: string): FormReading {
  const files: string[] = [];
  const hunks: { lines: string[]; lineHint: number | undefined }[] = [];
  let current: { lines: string[]; lineHint: number | undefined } | undefined;
  for (const line of text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n')) {
    const file = /^(?:\+\+\+|\*\*\* Update File:)\s+(\S.*?)\s*$/.exec(line)?.[1];
    const header = /^@@(?:\s*-(\d+)(?:,\d+)?\s+\+\d+(?:,\d+)?)?/.exec(line);
    if (file !== undefined) files.push(file.replace(/\t.*$/, ''));
    if (file !== undefined || /^(?:--- |diff --git |index |\*\*\* |```|~~~)/.test(line)) current = undefined;
    else if (header) {
      current = { lines: [], lineHint: header[1] === undefined ? undefined : Number(header[1]) };
      hunks.push(current);
    } else if (current && !line.startsWith('\\')) current.lines.push(line);
  }
  const stray = hunks.flatMap((hunk) => hunk.lines).find((line) => line !== '' && !/^[-+ ]/.test(line));
  if (stray !== undefined)
    return { kind: 'refused', reason: `a line of the diff has no mark: ${JSON.stringify(stray.slice(0, 80))}` };
  const changes = hunks.map(({ lines, lineHint }) => pairOf(lines, lineHint));
  if (changes.length === 0) return { kind: 'refused', reason: 'the diff has no hunk' };
  if (changes.some((change) => change.find.trim() === '')) {
    return { kind: 'refused', reason: 'a hunk has no line that is there already, so its place is not known' };
  }
  return { kind: 'read', changes, files };
}

function pairOf(lines: readonly string[], lineHint: number | undefined): Extract<Change, { kind: 'replace' }> {
  const side = (mark: string) =>
    lines
      .filter((line) => !line.startsWith(mark))
      .map((line) => line.slice(1))
      .join('\n');
  const pair = { kind: 'replace', find: side('+'), replace: side('-') } as const;
  return lineHint === undefined ? pair : { ...pair, lineHint };
}

/** Whether a text has SEARCH/REPLACE blocks. */
export function looksLikeBlocks(text: string): boolean {
  return /^<{5,9} ?(?:SEARCH|ORIGINAL)/m.test(text);
}

/** Each SEARCH/REPLACE block becomes a pair; refused where one is not complete. */
export function readSearchBlocks(raw: string): FormReading {
  const text = raw.replace(/\r\n?/g, '\n');
  const blocks = [
    ...text.matchAll(/^<{5,9} ?(?:SEARCH|ORIGINAL)[^\n]*\n([\s\S]*?)\n?^={5,9}[ \t]*\n([\s\S]*?)\n?^>{5,9}[^\n]*$/gm),
  ];
  const opened = text.match(/^<{5,9} ?(?:SEARCH|ORIGINAL)/gm)?.length ?? 0;
  if (blocks.length !== opened) return { kind: 'refused', reason: 'a SEARCH/REPLACE block is not complete' };
  const changes = blocks.map(([, find = '', replace = '']) => ({ kind: 'replace', find, replace }) as const);
  return { kind: 'read', changes, files: [] };
}
