import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { namedPaths } from '../../../src/adapters/cages/named-paths.ts';

// A path in a script has no blank, which the folders of the other tests have.
const root = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-named-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const path of [
  'home/sets/c4/a.bin',
  'home/.ssh/id',
  'home/.cache/x/y',
  'disk/imagenet/train/1',
  'repo/.git/HEAD',
  'repo/data/z',
]) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '');
}
const home = join(root, 'home');
const named = (text: string) =>
  namedPaths(text, { home, closed: [join(root, 'repo', '.git')] }).map((path) => path.slice(root.length + 1));

test.each([
  ['a literal', `ROOT = "${root}/disk/imagenet"`, ['disk/imagenet']],
  ['a flag', `--data=${root}/disk/imagenet/train`, ['disk/imagenet/train']],
  ['a file that is made up', `open(f"${root}/disk/imagenet/{split}.bin")`, ['disk/imagenet']],
  ['a pattern', `glob("${root}/disk/imagenet/train-*.bin")`, ['disk/imagenet']],
  ['the home by ~', 'load("~/sets/c4")', ['home/sets/c4']],
  ['the home by $HOME', `cat $HOME/sets/c4/a.bin \${HOME}/sets`, ['home/sets/c4/a.bin', 'home/sets']],
  ['the home by pathlib', 'Path.home() / "sets" / "c4"', ['home/sets/c4']],
  ['the home by os.path', `os.path.join(os.path.expanduser("~"), ".cache", "x")`, ['home/.cache/x']],
  ['a folder of the repository', `"${root}/repo/data/z"`, ['repo/data/z']],
])('%s is found where it is there', (_, text, paths) => {
  expect(named(text)).toEqual(paths);
});

test.each([
  ['the home itself', '"~/" Path.home()'],
  ['a key', '"~/.ssh/id" "~/.ssh"'],
  ['what holds git', `"${root}/repo" "${root}/repo/.git/HEAD" "${root}"`],
  ['what is not there', '"/nowhere/at/all" "~/nothing/here"'],
  ['an address', `"https://example.org${root}/disk"`],
  ['the system', '"/etc/shadow" "/proc/1/environ" "/usr/bin/env" "/dev/shm"'],
  ['division', 'loss = total/count'],
])('%s is not opened by its name', (_, text) => {
  expect(named(text)).toEqual([]);
});
