import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBrief } from '../../src/adapters/brief-file.ts';
import { BriefError } from '../../src/core/base/errors.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nocturne-brief-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
const trainText = 'print("val_bpb: 1.0")\n';

async function writeExecutable(path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '#!/bin/sh\n', { mode: 0o755 });
}

test('a folder means the program.md in it', async () => {
  await write('program.md', '---\nmetric: loss\n---\nprose');
  const found = await readBrief(folder);
  expect(found).toMatchObject({ path: join(folder, 'program.md'), folder, text: '---\nmetric: loss\n---\nprose' });
  expect(found.brief.metric.name).toBe('loss');
});

test('a file of any name is read, and a relative path becomes absolute', async () => {
  await write('night.md', '---\nmetric: loss\n---');
  const found = await readBrief(relative(process.cwd(), join(folder, 'night.md')));
  expect(found).toMatchObject({ path: join(folder, 'night.md'), folder });
});

test('a trouble names the file as it was given, and its line', async () => {
  await write('program.md', '---\nmetric: loss\ngoal: down\n---');
  await expect(readBrief(folder)).rejects.toThrow(
    `${folder}/program.md line 3: \`goal\` must be minimize or maximize, found \`down\``,
  );
});

test('prose beside a train.py is karpathy-shaped', async () => {
  await write('program.md', '# autoresearch\n');
  await write('train.py', trainText);
  await write('prepare.py', 'TIME_BUDGET = 2 * 60\n');
  const { brief } = await readBrief(folder, '');
  expect(brief).toMatchObject({
    form: 'karpathy',
    budgetSeconds: 120,
    train: ['python', 'train.py'],
    prose: '# autoresearch',
  });
  expect(brief.prepare).toBeUndefined();
});

test('a karpathy folder with a .venv trains with `python`, which means that one', async () => {
  await write('program.md', 'prose');
  await write('train.py', trainText);
  await write('pyproject.toml', '');
  await writeExecutable(join(folder, 'python3'));
  await mkdir(join(folder, '.venv', 'bin'), { recursive: true });
  await symlink(join(folder, 'python3'), join(folder, '.venv', 'bin', 'python'));
  expect((await readBrief(folder)).brief.train).toEqual(['python', 'train.py']);
});

test('a karpathy folder without a .venv is prepared by uv where there is one', async () => {
  await write('program.md', 'prose');
  await write('train.py', trainText);
  await write('pyproject.toml', '');
  await writeExecutable(join(folder, 'bin', 'uv'));
  const withUv = (await readBrief(folder, `/nowhere:${join(folder, 'bin')}`)).brief;
  const without = (await readBrief(folder, '/nowhere')).brief;
  expect([withUv.prepare, withUv.train]).toEqual([
    ['uv', 'sync'],
    ['.venv/bin/python', 'train.py'],
  ]);
  expect([without.prepare, without.train]).toEqual([undefined, ['python', 'train.py']]);
});

test.each<[fact: string, content: string | Uint8Array, sentence: string]>([
  ['an empty file', ' \n', 'must be a brief, found an empty file'],
  ['a file over 1 MB', 'x'.repeat(2_500_000), 'must be at most 1 MB, found 2.5 MB'],
  ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe, 0x41), 'must be text in UTF-8, found other bytes'],
  ['NUL characters', 'a\0b', 'must be text in UTF-8, found NUL characters'],
  [
    'prose without a train.py',
    '# Research',
    'must begin with front matter between two `---` lines or speak of a script beside it, found neither',
  ],
])('%s is an error', async (_, content, sentence) => {
  await write('program.md', content);
  const error = await readBrief(folder).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BriefError);
  expect((error as BriefError).message).toBe(`${folder}/program.md ${sentence}`);
});

test.each(['', 'nowhere', 'nowhere/program.md', 'file/program.md'])(
  '%j without a brief points to init',
  async (name) => {
    await write('file', '');
    const path = join(folder, name);
    const error = await readBrief(path).catch((caught: unknown) => caught);
    const missing = name === '' ? join(path, 'program.md') : path;
    expect(error).toBeInstanceOf(BriefError);
    expect(error).toMatchObject({
      message: `${missing} must be a brief, found no such file`,
      hint: expect.stringContaining('nocturne init'),
    });
  },
);

test('a link that leads to itself is an error', async () => {
  await symlink(join(folder, 'program.md'), join(folder, 'program.md'));
  await expect(readBrief(folder)).rejects.toThrow('must be a brief, found a link that leads to itself');
});

test('a program.md that is a folder is an error', async () => {
  await mkdir(join(folder, 'program.md'));
  await expect(readBrief(folder)).rejects.toThrow(`${folder}/program.md must be a file, found something else`);
});
