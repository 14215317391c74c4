import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFilesPatch } from '../../../src/core/proposal/file-patch.ts';
import { temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

const many = Array.from({ length: 60 }, (_, index) => `line ${index}\n`).join('');

it.each([
  ['one line', { 'train.py': 'LR = 0.1\nDEPTH = 2\n' }, { 'train.py': 'LR = 0.2\nDEPTH = 2\n' }],
  ['no newline at the end', { 'train.py': 'LR = 0.1' }, { 'train.py': 'LR = 0.2' }],
  ['a newline that comes at the end', { 'train.py': 'LR = 0.1' }, { 'train.py': 'LR = 0.1\n' }],
  ['Windows line ends', { 'train.py': 'A\r\nLR = 0.1\r\nB\r\n' }, { 'train.py': 'A\r\nLR = 0.2\r\nB\r\n' }],
  ['tabs at line ends', { 'train.py': 'a\t\nLR = 0.1\t\nb\t\n' }, { 'train.py': 'a\t\nLR = 0.2\t\nb\t\n' }],
  ['several places', { 'train.py': many }, { 'train.py': many.replace('line 3\n', '').replace('line 50', '50\n51') }],
  ['several files', { 'a.py': 'x = 1\n', 'b.py': 'y = 1\n' }, { 'a.py': 'x = 2\n', 'b.py': 'y = 2\n' }],
  ['a file in a folder', { 'lab/net/model.py': 'x = 1\n' }, { 'lab/net/model.py': 'x = 2\n' }],
  ['a name with spaces', { 'lab one/train me.py': 'x = 1\n' }, { 'lab one/train me.py': 'x = 2\n' }],
  ['a name beyond ASCII', { 'modül/größe.py': 'x = 1\n' }, { 'modül/größe.py': 'x = 2\n' }],
  ['text beyond ASCII', { 'train.py': '# Größe 🌙\nx = 1\n' }, { 'train.py': '# Größe 🌙 é\nx = 1\n' }],
  ['text that looks like a patch', { 'train.py': '-- a\n++ b\n' }, { 'train.py': '--- a\n+++ b\n@@ -1 +1 @@\n' }],
  ['rows of equals signs', { 'train.py': '=====\nx\n' }, { 'train.py': '=====\ny\n=====\n' }],
  ['a form feed and a line separator', { 'train.py': 'a\f\u2028b\nx = 1\n' }, { 'train.py': 'a\f\u2028b\nx = 2\n' }],
  ['a file that becomes empty', { 'train.py': 'x = 1\n' }, { 'train.py': '' }],
  ['a file that was empty', { 'train.py': '', 'b.py': '\n' }, { 'train.py': 'x = 1\n', 'b.py': '\n' }],
])('git applies a patch with %s', (_, before: Record<string, string>, after: Record<string, string>) => {
  const { git, read } = temporaryRepo(before);
  const path = join(temporaryFolder(), 'patch.diff');
  writeFileSync(path, createFilesPatch(before, after));
  git('apply', path);
  for (const [file, content] of Object.entries(after)) expect(read(file)).toBe(content);
});

it('files that do not differ are not in the patch', () => {
  const patch = createFilesPatch({ 'a.py': '1\n', 'b.py': '1\n' }, { 'a.py': '1\n', 'b.py': '2\n' });
  expect(patch).toBe('diff --git a/b.py b/b.py\n--- a/b.py\n+++ b/b.py\n@@ -1,1 +1,1 @@\n-1\n+2\n');
  expect(createFilesPatch({ 'a.py': '1\n' }, { 'a.py': '1\n' })).toBe('');
});
