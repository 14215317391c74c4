import { isAbsolute } from 'node:path';
import { expect, it } from 'vitest';
import { findSiteFolders, interpreterPlaces } from '../../../src/adapters/run-folders/interpreter-places.ts';
import { interpreter } from '../../helpers/interpreter.ts';

it('an interpreter names the folders of its packages, and one that is none names nothing', async () => {
  const folders = await findSiteFolders(interpreter);
  expect(folders.length).toBeGreaterThan(1);
  expect(folders.every(isAbsolute)).toBe(true);
  expect(await findSiteFolders('/bin/false')).toEqual([]);
});

it('what the scorer loaded is watched, and what would be loaded in its stead, but for the owner’s own files', () => {
  const site = '/home/me/lab/.venv/lib/python3.11/site-packages';
  const bytecode = [
    'usr/lib/python3.11/json/__init__.cpython-311.pyc',
    `${site.slice(1)}/numpy/_core/multiarray.cpython-311.opt-1.pyc`,
    `${site.slice(1)}/six.cpython-311.pyc`,
    'home/me/lab/runs/night/0000/run-1/score/prepare.cpython-311.pyc',
    'home/me/lab/helpers.cpython-311.pyc',
  ];
  const [sources, packages] = interpreterPlaces([site], bytecode, ['/home/me/lab']);
  expect(Object.keys(sources?.files ?? {})).toEqual([
    'usr/lib/python3.11/json/__init__.py',
    `${site.slice(1)}/numpy/_core/multiarray.py`,
    `${site.slice(1)}/six.py`,
  ]);
  expect(packages).toMatchObject({ place: site, files: {}, isWhole: false });
  expect(packages?.added).toEqual(['*.pth', 'sitecustomize*', 'usercustomize*', 'numpy', 'numpy.*', 'six', 'six.*']);
});
