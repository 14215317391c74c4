import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  bytecodeOf,
  cachesOf,
  keepCaches,
  layCaches,
  mendBytecode,
} from '../../../src/adapters/run-folders/baseline-caches.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

/** What a baseline left, kept. */
async function kept() {
  const folder = temporaryFolder();
  const [base, first, next] = ['base', 'first', 'next'].map((name) => join(folder, name)) as [string, string, string];
  mkdirSync(join(cachesOf(first), 'inductor', '.venv'), { recursive: true });
  writeFileSync(join(cachesOf(first), 'inductor', '.venv', 'kernel.so'), 'compiled');
  writeFileSync(join(cachesOf(first), 'inductor', 'graph'), 'a graph');
  symlinkSync('/etc/passwd', join(cachesOf(first), 'inductor', 'link'));
  mkdirSync(join(bytecodeOf(base), 'lib'), { recursive: true });
  writeFileSync(join(bytecodeOf(base), 'lib', 'numpy.pyc'), 'sound');
  writeFileSync(join(bytecodeOf(base), 'lib', 'json.pyc'), 'sound');
  return { base, next, caches: await keepCaches(base, first) };
}

it('a run gets a copy of what the baseline compiled, and keeps what it adds to itself', async () => {
  const { base, next, caches } = await kept();
  await layCaches(base, caches, next);
  const at = (path: string) => join(cachesOf(next), 'inductor', path);
  expect(readFileSync(at('.venv/kernel.so'), 'utf8')).toBe('compiled');
  expect(existsSync(at('link'))).toBe(false);
  writeFileSync(at('graph'), 'poisoned');
  writeFileSync(at('more'), 'poisoned');
  await layCaches(base, caches, next);
  expect(readdirSync(join(cachesOf(next), 'inductor')).sort()).toEqual(['.venv', 'graph']);
  expect(readFileSync(at('graph'), 'utf8')).toBe('a graph');
});

it('a file of the kept cache that was changed is given to no run, and the rest still is', async () => {
  const { base, next, caches } = await kept();
  writeFileSync(join(base, 'caches', 'inductor', 'graph'), 'POISON!');
  await layCaches(base, caches, next);
  expect(readdirSync(join(cachesOf(next), 'inductor'))).toEqual(['.venv']);
  expect(existsSync(join(base, 'caches', 'inductor', 'graph'))).toBe(false);
});

it('without a baseline a run begins with no cache, whatever lies in its place', async () => {
  const { base, next } = await kept();
  mkdirSync(cachesOf(next), { recursive: true });
  writeFileSync(join(cachesOf(next), 'left'), '');
  await layCaches(base, undefined, next);
  expect(readdirSync(cachesOf(next))).toEqual([]);
});

it('bytecode that the baseline did not leave is removed, and Python does without it', async () => {
  const { base, caches } = await kept();
  const at = (name: string) => join(bytecodeOf(base), 'lib', name);
  writeFileSync(at('rules.pyc'), 'poison');
  writeFileSync(at('numpy.pyc'), 'longer than it was');
  await mendBytecode(base, caches, false);
  expect(readdirSync(join(bytecodeOf(base), 'lib'))).toEqual(['json.pyc']);
});

it('a thorough look reads the bytecode, also where nothing seems to have been written', async () => {
  const { base, caches } = await kept();
  const path = join(bytecodeOf(base), 'lib', 'json.pyc');
  writeFileSync(path, 'SOUND');
  utimesSync(path, 1, 1);
  // As if the clock had been set while it was written.
  const { ctimeMs, size } = statSync(path);
  const mark = { ...caches.bytecode['lib/json.pyc'], ctime: ctimeMs, size };
  const forged = { ...caches, bytecode: { ...caches.bytecode, 'lib/json.pyc': mark } };
  await mendBytecode(base, forged, false);
  expect(existsSync(path)).toBe(true);
  await mendBytecode(base, forged, true);
  expect(existsSync(path)).toBe(false);
});
