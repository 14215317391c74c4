/** The ways in which training code, or an owner who tidies up, has spoiled a file that is read back later. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** A name, and what does it to the file at a path. */
export type Spoiling = readonly [name: string, spoil: (path: string) => void];

export const spoilings: readonly Spoiling[] = [
  ['{}', write('{}')],
  ['[]', write('[]')],
  ['"x"', write('"x"')],
  ['{"work":{}}', write('{"work":{}}')],
  ['a truncated file', (path) => writeFileSync(path, readFileSync(path, 'utf8').slice(0, -10))],
  ['a pipe', inPlace((path) => execFileSync('mkfifo', [path]))],
  ['a folder', inPlace((path) => mkdirSync(path))],
];

function write(text: string): (path: string) => void {
  return (path) => writeFileSync(path, text);
}

function inPlace(make: (path: string) => void): (path: string) => void {
  return (path) => {
    if (existsSync(path)) rmSync(path, { recursive: true });
    make(path);
  };
}
