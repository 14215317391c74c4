import { expect, test } from 'vitest';
import { clip, clippedText, clipToFit, pageBefore, pageFrom } from '../../../src/cli/mcp/clip.ts';

const same = (text: string) => text;

test('what fits is as it was', () => {
  const data = { a: [1, 'two', null, { b: true }], c: 'text' };
  expect(clipToFit(data, same, 1000)).toEqual({ value: data, texts: 0, lists: 0 });
  expect(clippedText({ texts: 0, lists: 0 })).toBeUndefined();
});

test('of a long text the middle is left out, of a long list the end, and both are said', () => {
  const { value, ...cut } = clip({ text: 'a'.repeat(50) + 'z'.repeat(50), list: [1, 2, 3, 4] }, same, {
    characters: 30,
    items: 2,
  });
  expect(value).toEqual({
    text: `${'a'.repeat(20)} [70 characters left out] ${'z'.repeat(10)}`,
    list: [1, 2, '[2 more left out]'],
  });
  expect(clippedText(cut)).toBe('Cut to fit: 1 long text is without the middle, 1 long list is without the end.');
});

test('data are cut no more than they must be', () => {
  const data = { texts: Array.from({ length: 20 }, () => 'x'.repeat(5000)) };
  const { value, texts, lists } = clipToFit(data, same, 24_000);
  expect(JSON.stringify(value).length).toBeLessThanOrEqual(24_000);
  expect({ texts, lists }).toEqual({ texts: 20, lists: 0 });
  expect(JSON.stringify(value).length).toBeGreaterThan(8_000);
});

test('every text and every key is cleaned before it is cut', () => {
  const clean = (text: string) => text.replaceAll('secret', '***');
  expect(clip({ secret: ['a secret'] }, clean, { characters: 8, items: 9 }).value).toEqual({ '***': ['a ***'] });
});

test('a page holds no more than it may, yet one item at least', () => {
  const items = ['a'.repeat(10), 'b'.repeat(10), 'c'.repeat(100), 'd'];
  expect(pageFrom(items, 0, 3, 26)).toEqual({ items: items.slice(0, 2), start: 0 });
  expect(pageFrom(items, 2, 3, 26)).toEqual({ items: ['c'.repeat(100)], start: 2 });
  expect(pageFrom(items, 4, 3, 26)).toEqual({ items: [], start: 4 });
  expect(pageBefore(items, 4, 3, 26)).toEqual({ items: ['d'], start: 3 });
  expect(pageBefore(items, 2, 9, 26)).toEqual({ items: items.slice(0, 2), start: 0 });
});
