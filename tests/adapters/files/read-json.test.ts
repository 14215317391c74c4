import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { readText, readTextEnd } from '../../../src/adapters/files/read-file.ts';
import { readJson } from '../../../src/adapters/files/read-json.ts';
import { spoilings } from '../../helpers/spoil.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const schema = z.object({ work: z.record(z.string(), z.string()), score: z.array(z.string()) });
const value = { work: { 'train.py': 'a hash' }, score: ['another hash'] };

function writtenFile(text = JSON.stringify(value)): string {
  const path = join(temporaryFolder(), 'trees.json');
  writeFileSync(path, text);
  return path;
}

it('a file of the expected shape is read', async () => {
  expect(await readJson(writtenFile(), schema)).toEqual({ kind: 'read', value });
});

it('a file that is not there is absent, and so is one below a file', async () => {
  const path = writtenFile();
  expect(await readJson(`${path}.other`, schema)).toEqual({ kind: 'absent' });
  expect(await readJson(join(path, 'below'), schema)).toEqual({ kind: 'absent' });
});

const found: Readonly<Record<string, string>> = {
  'a truncated file': 'no JSON',
  'a pipe': 'a pipe or a device',
  'a folder': 'a folder',
};

it.each(spoilings)('%s in its place is malformed, at once', { timeout: 20_000 }, async (name, spoil) => {
  const path = writtenFile();
  spoil(path);
  const expected = { kind: 'malformed', found: found[name] ?? 'JSON of another shape' };
  expect(await readJson(path, schema)).toEqual(expected);
});

it('a terabyte in its place is not read', async () => {
  const path = writtenFile();
  truncateSync(path, 2 ** 40);
  expect(await readJson(path, schema)).toEqual({ kind: 'malformed', found: '1099511627776 bytes' });
  expect(await readJson(writtenFile(), schema, 10)).toMatchObject({ kind: 'malformed' });
  expect(await readText(path)).toBeUndefined();
  expect(await readTextEnd(path, 3)).toBe('\0\0\0');
});

it('a link to an endless device, to itself, or a socket in its place is malformed', async () => {
  const folder = temporaryFolder();
  symlinkSync('/dev/zero', join(folder, 'endless'));
  symlinkSync('itself', join(folder, 'itself'));
  const server = createServer().listen(join(folder, 'socket'));
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  for (const name of ['endless', 'itself', 'socket']) {
    expect(await readJson(join(folder, name), schema)).toMatchObject({ kind: 'malformed' });
  }
});
