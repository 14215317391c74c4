import { expect, test } from 'vitest';
import { applyHandedDiff, editableNamed, looksLikeDiff } from '../../../src/core/proposal/read-hand-in.ts';

const base = { 'train.py': 'A = 1\nB = 2\nC = 3\n', 'model.py': 'D = 4\n' };
const diff = (from: string, to = from, line = 'B = 2') =>
  `--- ${from}\n+++ ${to}\n@@ -1,3 +1,3 @@\n A = 1\n-${line}\n+B = 5\n C = 3\n`;

test.each([
  ['as git writes it', diff('a/train.py', 'b/train.py')],
  ['from the top of the repository', diff('a/sub/train.py', 'b/sub/train.py')],
  ['as diff -u writes it', diff('train.py.orig\t2026-11-29 10:00', 'train.py\t2026-11-29 10:01')],
  ['of the file and a copy, as diff -u writes it', diff('train.py\t2026-11-29 10:00', 'mine.py\t2026-11-29 10:01')],
  ['of the file and a copy elsewhere', diff('train.py', '/home/me/wider.py')],
  [
    'with the header of git',
    `diff --git a/train.py b/train.py\nindex 1..2 100644\n${diff('a/train.py', 'b/train.py')}`,
  ],
  ['with mnemonic prefixes', diff('i/train.py', 'w/train.py')],
])('a diff %s is applied', (_, text) => {
  expect(looksLikeDiff(text)).toBe(true);
  expect(applyHandedDiff(base, text, 'sub')).toEqual({
    kind: 'read',
    files: { ...base, 'train.py': 'A = 1\nB = 5\nC = 3\n' },
  });
});

test.each([
  ['another file', diff('a/score.py', 'b/score.py'), /changes score\.py/],
  ['lines that are not there', diff('a/train.py', 'b/train.py', 'B = 9'), /does not apply to train\.py/],
  [
    'an editable file that is moved',
    `diff --git a/train.py b/data.py\nrename from train.py\nrename to data.py\n${diff('a/train.py', 'b/data.py')}`,
    /changes data\.py/,
  ],
  ['an editable file and another', `${diff('a/train.py')}${diff('a/data.py')}`, /changes data\.py/],
])('a diff of %s is refused whole', (_, text, reason) => {
  expect(applyHandedDiff(base, text, '.')).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
});

test('a script is no diff', () => {
  expect(looksLikeDiff('A = 1\n--- not a header\n')).toBe(false);
});

test('an editable file is named from the sandbox or from the top', () => {
  expect(editableNamed(['src/train.py'], 'sub/src/train.py', 'sub')).toBe('src/train.py');
  expect(editableNamed(['src/train.py'], './src/train.py', '.')).toBe('src/train.py');
  expect(editableNamed(['src/train.py'], 'train.py', '.')).toBeUndefined();
});
