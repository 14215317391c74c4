import { describe, expect, test } from 'vitest';
import {
  foreignPackages,
  missingFiles,
  missingModule,
  pathsInErrors,
  placesOfModule,
  relativePath,
} from '../../../src/core/draft/needs.ts';

const uncommitted = {
  ignored: ['data/', 'cache/train.npz', 'outputs/', '.venv/', 'raw/big/'],
  untracked: ['.env', 'conf/secrets.yaml', 'notes.csv', 'extra/helper.py', 'new/'],
};

describe('of the paths that were asked for in vain', () => {
  test.each([
    ['a file in an ignored folder links the folder', ['data/train.csv'], ['data'], []],
    ['an ignored file is linked itself', ['cache/train.npz'], ['cache/train.npz'], []],
    ['a folder that holds an ignored one links that', ['raw'], ['raw/big'], []],
    ['an untracked data file is linked', ['notes.csv'], ['notes.csv'], []],
    ['untracked code belongs into a commit', ['extra/helper.py'], [], ['extra/helper.py']],
    ['what trainings leave behind is never linked', ['outputs/last.ckpt', '.venv/lib'], [], []],
    ['what the checkout does not have either is nothing', ['missing.csv'], [], []],
  ])('%s', (_, asked, link, commit) => {
    expect(missingFiles(asked, uncommitted)).toEqual({ link, commit, secret: [] });
  });
});

test('a file in which people keep keys is told apart, and never linked', () => {
  expect(missingFiles(['.env', 'conf/secrets.yaml'], uncommitted)).toEqual({
    link: [],
    commit: [],
    secret: ['.env', 'conf/secrets.yaml'],
  });
});

test.each([
  ["FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", 'data/x.csv'],
  ["python: can't open file '/tmp/work/train.py': [Errno 2]", '/tmp/work/train.py'],
  ['ValueError: dataset "corpus/en" not found', 'corpus/en'],
  ['cannot open data.bin', 'data.bin'],
])('%s names a path', (log, path) => {
  expect(pathsInErrors(log)).toContain(path);
});

test('the module that was not found is that of the last error', () => {
  expect(missingModule("ModuleNotFoundError: No module named 'a'\nModuleNotFoundError: No module named 'b.c'\n")).toBe(
    'b.c',
  );
  expect(missingModule('KeyError: 3')).toBeUndefined();
});

test('places of a module are its files and packages, the nearest first', () => {
  const paths = ['libs/common/x.py', 'models/a/train.py', 'models/common/__init__.py', 'common.py', 'web/common.js'];
  expect(placesOfModule('common.x', paths, 'models/a')).toEqual([
    { folder: 'models', path: 'models/common' },
    { folder: '.', path: 'common.py' },
    { folder: 'libs', path: 'libs/common' },
  ]);
});

test('packages that were found in the checkout are named by their topmost folder', () => {
  const foreign = [
    { name: 'common.bowl', path: 'libs/common/bowl.py' },
    { name: 'common', path: 'libs/common/__init__.py' },
    { name: 'single', path: 'libs/single.py' },
  ];
  expect(foreignPackages(foreign)).toEqual(['libs/common', 'libs/single.py']);
});

test.each([
  ['.', 'a/b', 'a/b'],
  ['a', 'a/b', 'b'],
  ['a/b', 'c', '../../c'],
  ['a', '.', '..'],
  ['a', 'a', '.'],
])('from %s, %s is %s', (from, to, path) => {
  expect(relativePath(from, to)).toBe(path);
});
