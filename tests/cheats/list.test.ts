import { expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { allCheats } from './all.ts';

const sandboxes = packagePath('sandbox');

test('every script of the list can be made from the shipped sandboxes, and no two are the same', () => {
  const scripts = allCheats.map(({ script }) => script(sandboxes));
  expect(new Set(scripts).size).toBe(allCheats.length);
  expect(new Set(allCheats.map(({ name }) => name)).size).toBe(allCheats.length);
});

test('where a scorer vouches, a cheat is kept only without isolation, and then the list says why', () => {
  const cheats = allCheats.filter(({ isHonest, sandbox }) => !isHonest && sandbox !== 'self');
  expect(cheats.filter(({ caged: [end] }) => end === 'kept').map(({ name }) => name)).toEqual([]);
  const keptBare = cheats.filter(({ bare: [end] = ['reverted'] }) => end === 'kept');
  expect(keptBare.filter(({ openBare }) => openBare === undefined)).toEqual([]);
});

test('at least 48 cheats besides the honest work', () => {
  expect(allCheats.filter(({ isHonest }) => !isHonest).length).toBeGreaterThanOrEqual(48);
});
