import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeWhole } from '../../../src/adapters/files/write-whole.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

it('a file that three write at once is there whole, and nothing beside it', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'state.json');
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(100_000));
  await Promise.all(texts.map((text) => writeWhole(path, text)));
  expect(texts).toContain(readFileSync(path, 'utf8'));
  expect(readdirSync(folder)).toEqual(['state.json']);
});

it('a pipe in its place is replaced', { timeout: 20_000 }, async () => {
  const path = join(temporaryFolder(), 'state.json');
  execFileSync('mkfifo', [path]);
  await writeWhole(path, 'whole');
  expect(readFileSync(path, 'utf8')).toBe('whole');
});

it('a folder in its place is an error, and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'state.json'));
  await expect(writeWhole(join(folder, 'state.json'), 'whole')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['state.json']);
});

it('what does not pass its check does not replace what was there', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'state.json');
  writeFileSync(path, 'before');
  const check = async (part: string) => {
    expect(readFileSync(part, 'utf8')).toBe('after');
    throw new Error('the drive lost it');
  };
  await expect(writeWhole(path, 'after', { part: `${path}.part`, check })).rejects.toThrow('the drive lost it');
  expect(readFileSync(path, 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['state.json']);
});
