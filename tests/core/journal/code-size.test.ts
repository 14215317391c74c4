import { expect, it } from 'vitest';
import { codeSizeOf, isClearlyLess } from '../../../src/core/journal/code-size.ts';

it('blank lines, comments and white space are no code', () => {
  const bare = 'x = 1\nif x:\n  y = "# no comment"\n';
  const dressed = '# a title\n\nx   =   1  # one\n\nif x:\n\n        y = "# no comment"\n  # the end\n';
  expect(codeSizeOf({ 'train.py': dressed })).toEqual(codeSizeOf({ 'train.py': bare }));
  expect(codeSizeOf({ 'a.py': bare, 'b.js': '// only words\n' }).lines).toBe(3);
});

it.each([
  [{ lines: 100, characters: 2000 }, { lines: 97, characters: 1900 }, true],
  [{ lines: 100, characters: 2000 }, { lines: 98, characters: 1900 }, false],
  [{ lines: 1000, characters: 20000 }, { lines: 995, characters: 19000 }, false],
  [{ lines: 1000, characters: 20000 }, { lines: 990, characters: 19000 }, true],
  [{ lines: 100, characters: 2000 }, { lines: 50, characters: 2000 }, false],
])('from %j to %j is clearly less: %j', (before, after, isLess) => {
  expect(isClearlyLess(after, before)).toBe(isLess);
});
