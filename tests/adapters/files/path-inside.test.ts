import { expect, it } from 'vitest';
import { pathInside } from '../../../src/adapters/files/path-inside.ts';

it.each([
  ['/a/b', '/a/b/c/d', 'c/d'],
  ['/a/b', '/a/b', ''],
  ['/a/b', '/a/b/..data', '..data'],
  ['/a/b', '/a', undefined],
  ['/a/b', '/a/bc', undefined],
  ['/a/b', '/a/b/../c', undefined],
])('in %s, %s is at %s', (folder, path, expected) => {
  expect(pathInside(folder, path)).toBe(expected);
});
