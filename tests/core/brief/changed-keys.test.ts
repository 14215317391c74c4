import { expect, it } from 'vitest';
import { changedKeys } from '../../../src/core/brief/changed-keys.ts';

it.each([
  ['nothing', { a: 1, b: [1, 2] }, { a: 1, b: [1, 2] }, []],
  ['a value', { a: 1, b: 2 }, { a: 1, b: 3 }, ['b']],
  ['a nested value', { stop: { hours: 1 } }, { stop: { hours: 2 } }, ['stop']],
  ['a key that came', { a: 1 }, { a: 1, b: 2 }, ['b']],
  ['a key that went', { a: 1, b: 2 }, { a: 1 }, ['b']],
  ['the order of a list', { edit: ['a', 'b'] }, { edit: ['b', 'a'] }, ['edit']],
  ['only the order of keys', { stop: { hours: 1, target: 2 } }, { stop: { target: 2, hours: 1 } }, []],
  ['only a key that is undefined', { stop: { hours: 1 } }, { stop: { hours: 1, target: undefined } }, []],
])('when %s differs: %j %j -> %j', (_, before, after, keys) => {
  expect(changedKeys(before, after)).toEqual(keys);
});
