import { mkdtemp, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { markMetricFile, readMetricFile } from '../../../src/adapters/run-folders/metric-file.ts';

/** A tree in which `eval.json` was committed, laid out for a run. */
async function laidFile(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'metric-file-')), 'eval.json');
  await writeFile(path, '{"accuracy": 0.97}');
  await markMetricFile(path);
  return path;
}

it('a committed file that the run did not write is no score', async () => {
  expect(await readMetricFile(await laidFile(), 100)).toBeUndefined();
});

it('the same content, written by the run, is one', async () => {
  const path = await laidFile();
  await writeFile(path, '{"accuracy": 0.97}');
  expect(await readMetricFile(path, 100)).toBe('{"accuracy": 0.97}');
});

it('a file that only the run made is one', async () => {
  const path = `${await laidFile()}.new`;
  await markMetricFile(path);
  await writeFile(path, 'x');
  expect(await readMetricFile(path, 100)).toBe('x');
});

it('a link to the owner’s file is none, and the owner’s file stays as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'metric-file-'));
  const [owned, path] = [join(folder, 'owned.json'), join(folder, 'eval.json')];
  await writeFile(owned, 'old');
  const { mtimeMs } = await stat(owned);
  await symlink(owned, path);
  await markMetricFile(path);
  expect(await readMetricFile(path, 100)).toBeUndefined();
  await writeFile(path, 'new');
  expect(await readMetricFile(path, 100)).toBe('new');
  expect([await readFile(owned, 'utf8'), (await stat(owned)).mtimeMs]).toEqual(['old', mtimeMs]);
});

it('a file that is only looked at stays unwritten', async () => {
  const path = await laidFile();
  const { mtime } = await stat(path);
  await utimes(path, new Date(), mtime);
  expect(await readMetricFile(path, 100)).toBeUndefined();
});
