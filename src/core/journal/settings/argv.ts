/**
 * Commands of the brief, split into argv by the quoting rules of a POSIX shell, which is never started.
 *
 * What only a shell could do (`&&`, `|`, `$HOME`, `*`) is refused: passed on as text it would mean something else.
 */

import { type ReadResult, type Refusal, read, refuse } from '../../base/read-result.ts';

/** A command as argv; it is never given to a shell. */
export type Argv = readonly string[];

/** Reads a command: a string to split, or a list of strings taken as they are. */
export function readArgv(raw: unknown): ReadResult<Argv> {
  if (typeof raw === 'string') return splitArgv(raw.trim());
  if (!Array.isArray(raw) || raw.length === 0) return refuse('a command such as `python train.py`');
  for (const word of raw) {
    if (typeof word !== 'string') {
      return refuse('a list of strings', { found: String(word), hint: `Write "${word}" in quotes.` });
    }
  }
  return checkWords(raw);
}

const operator = /^(?:&&|\|\||>>|<<|[&|;<>()$`*?\n])/;
const plain = /^[^\s'"\\&|;<>()$`*?]+/;

function splitArgv(text: string): ReadResult<Argv> {
  const words: string[] = [];
  let word: string | undefined;
  let rest = text;
  while (rest !== '') {
    const shell = operator.exec(rest)?.[0] ?? (word === undefined && rest.startsWith('~') ? '~' : undefined);
    if (shell !== undefined) return refuseShell(shell === '$' ? (/^\$\w*/.exec(rest)?.[0] ?? shell) : shell);
    const space = /^\s+/.exec(rest)?.[0];
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      rest = rest.slice(space.length);
      continue;
    }
    const piece = nextPiece(rest);
    if (piece.kind === 'refused') return piece;
    word = (word ?? '') + piece.value.meaning;
    rest = rest.slice(piece.value.length);
  }
  if (word !== undefined) words.push(word);
  if (/^[A-Za-z_]\w*=/.test(text)) return refuseShell(words[0] ?? text);
  return checkWords(words);
}

/** A piece of one word: quoted, escaped or plain; `length` counts its source characters. */
function nextPiece(rest: string): ReadResult<{ meaning: string; length: number }> {
  const [source = '', inner] = plain.exec(rest) ?? /^'([^']*)'/.exec(rest) ?? /^\\(.)/s.exec(rest) ?? [];
  if (source !== '') return read({ meaning: inner ?? source, length: source.length });
  if (rest.startsWith('"')) return doubleQuoted(rest);
  const trouble = rest.startsWith('\\')
    ? 'a command that does not end in a backslash'
    : 'a command with every quote closed';
  return refuse(trouble, { found: rest });
}

/** Inside double quotes a shell still expands `$` and backticks, so they are refused there as well. */
function doubleQuoted(rest: string): ReadResult<{ meaning: string; length: number }> {
  const match = /^"((?:[^"\\]|\\.)*)"/s.exec(rest);
  if (match === null) return refuse('a command with every quote closed', { found: rest });
  const [source, inner = ''] = match;
  const expansion = /^(?:[^$`\\]|\\.)*?(\$\w*|`)/s.exec(inner)?.[1];
  if (expansion !== undefined) return refuseShell(expansion);
  return read({ meaning: inner.replace(/\\([$`"\\\n])/g, (_, kept: string) => kept), length: source.length });
}

function checkWords(words: readonly string[]): ReadResult<Argv> {
  if (words[0] === undefined || words[0] === '') return refuse('a command such as `python train.py`');
  if (words.some((word) => word.includes('\0'))) return refuse('a command without NUL characters');
  return read(words);
}

function refuseShell(found: string): Refusal {
  return refuse('one command as argv, which no shell reads', {
    found,
    hint: 'Put the steps into a script and run that, or quote the character if it is meant literally.',
  });
}
