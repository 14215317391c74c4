import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forgetRented, readRented, writeRented } from '../../../src/adapters/engines/rented.ts';
import { ArchiveError } from '../../../src/core/base/errors.ts';

async function study(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-rented-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a note is of one engine, and there until it is forgotten', async () => {
  const folder = await study();
  const rented = { name: 'nocturne-one-9bee16', since: '2026-11-29T17:00:00.000Z' };
  expect(await readRented(folder, 'skypilot')).toBeUndefined();
  await writeRented(folder, 'skypilot', rented);
  expect(await readRented(folder, 'skypilot')).toEqual(rented);
  expect(await readRented(folder, 'colab')).toBeUndefined();
  await forgetRented(folder, 'skypilot');
  await forgetRented(folder, 'skypilot');
  expect(await readRented(folder, 'skypilot')).toBeUndefined();
});

test('a note that cannot be read is never taken for nothing rented', async () => {
  const folder = await study();
  await writeFile(join(folder, 'rented-skypilot.json'), '{"name": ""}');
  await expect(readRented(folder, 'skypilot')).rejects.toThrow(ArchiveError);
});
