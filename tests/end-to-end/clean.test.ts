import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nocturne, project } from '../helpers/nocturne.ts';

test('clean shows what takes room and for what, and frees what nothing needs', async () => {
  const { root } = project('quick');
  const run = ['run', '--tag', 'night', '--plain', '--policy', 'greedy', '--max-experiments'];
  expect((await nocturne(root, [...run, '1'])).exitCode).toBe(0);
  const folder = join(root, 'runs/night');
  // As a kill right after a revert leaves it, but of an experiment that the next start does not look at.
  const left = readdirSync(folder).filter((name) => /^\d{4}$/.test(name) && name !== '0000');
  for (const name of left) {
    mkdirSync(join(folder, name, 'run-1/output'), { recursive: true });
    writeFileSync(join(folder, name, 'run-1/output/weights.bin'), Buffer.alloc(300_000, 1));
  }
  const shown = await nocturne(root, ['clean']);
  expect(shown.exitCode, shown.stderr).toBe(0);
  expect(shown.stdout).toMatch(/^(?:frees|stays) +3\d\d KB .*\b1\b/m);
  expect(shown.stdout).toMatch(/^git +\d+ loose objects? of the study: --yes packs them$/m);

  const freed = await nocturne(root, ['clean', '--yes', '--weights']);
  expect(freed.exitCode, freed.stderr).toBe(0);
  expect(freed.stderr).toMatch(/^Freed \S+ \S+ of study night, and packed [1-9]\d* objects? of its repository\.$/);
  expect(await nocturne(root, ['check'])).toMatchObject({ exitCode: 0 });
  const later = await nocturne(root, [...run, '2']);
  expect(later.exitCode, later.stderr).toBe(0);
});
