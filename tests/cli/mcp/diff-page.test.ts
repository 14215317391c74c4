import { expect, test } from 'vitest';
import { diffPage } from '../../../src/cli/mcp/diff-page.ts';

const patch = '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n';

test('a diff that fits is one page', () => {
  expect(diffPage(patch, 1, 1000)).toEqual({
    text: patch.trimEnd(),
    lines: 5,
    first: 1,
    last: 5,
    next_from_line: null,
  });
});

test('the pages of a longer one are the whole of it', () => {
  const pages: string[] = [];
  for (let from: number | null = 1; from !== null; ) {
    const page = diffPage(patch, from, 16);
    pages.push(page.text);
    from = page.next_from_line;
  }
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.join('\n')).toBe(patch.trimEnd());
});

test('a line that is longer than a page could be is cut, and nothing is behind the end', () => {
  expect(diffPage(`+${'x'.repeat(5000)}`, 1, 3000).text).toMatch(/^\+x+ \[3001 characters left out\]$/);
  expect(diffPage(patch, 9, 1000)).toMatchObject({ text: '', first: null, last: null, next_from_line: null });
  expect(diffPage('', 1, 1000)).toMatchObject({ text: '', lines: 0 });
});
