import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openAround } from '../../../src/adapters/cages/open-around.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

function tree(...paths: readonly string[]): string {
  const root = temporaryFolder();
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

test('a folder without a closed place is opened whole', () => {
  const root = tree('data/a.bin', 'data/b.bin');
  expect(openAround([join(root, 'data')], [join(root, 'elsewhere')])).toEqual([join(root, 'data')]);
});

test('around a closed place, what lies beside it on the way is opened', () => {
  const root = tree('p/repo/.git/HEAD', 'p/repo/train.py', 'p/other/x', 'q/y');
  expect(openAround([root], [join(root, 'p', 'repo')]).toSorted()).toEqual([join(root, 'p', 'other'), join(root, 'q')]);
  expect(openAround([join(root, 'p', 'repo')], [join(root, 'p', 'repo', '.git')])).toEqual([
    join(root, 'p', 'repo', 'train.py'),
  ]);
});

test('a closed place is not opened by itself, by what is in it, or by a link to it', () => {
  const root = tree('home/.netrc', 'data/x');
  symlinkSync(join(root, 'home'), join(root, 'data', 'link'));
  symlinkSync(join(root, 'home'), join(root, 'way'));
  const closed = [join(root, 'home')];
  expect(openAround([join(root, 'home'), join(root, 'home', '.netrc'), join(root, 'way')], closed)).toEqual([]);
  expect(openAround([root], closed)).toEqual([join(root, 'data')]);
});

test('the token at the top of a folder of downloads stays closed, the downloads do not', () => {
  const root = tree('.cache/huggingface/token', '.cache/huggingface/hub/model/x', '.cache/torch/y');
  expect(openAround([join(root, '.cache')], []).toSorted()).toEqual([
    join(root, '.cache', 'huggingface', 'hub'),
    join(root, '.cache', 'torch'),
  ]);
});

test('keys that lie on the way to a closed place stay closed', () => {
  const root = tree('repo/x', '.ssh/id', '.env', 'data/y');
  expect(openAround([root], [join(root, 'repo')])).toEqual([join(root, 'data')]);
});
