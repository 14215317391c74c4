import { expect, it } from 'vitest';
import { cutTo, padTo, widthOf } from '../../../src/cli/render/fit-text.ts';

it.each([
  ['LR 0.1', 6],
  ['学習率', 6],
  ['🚀', 2],
  ['👩‍🔬', 2],
  ['e\u0301', 1],
  ['\u001B[32mkept\u001B[39m', 4],
])('%j takes %d columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
  expect(padTo(text, 8)).toBe(text + ' '.repeat(8 - width));
});

it.each([
  ['WIDTH 64 -> 128', 15, 'WIDTH 64 -> 128'],
  ['WIDTH 64 -> 128', 14, 'WIDTH 64 -> 1…'],
  ['学習率を上げる', 14, '学習率を上げる'],
  ['学習率を上げる', 13, '学習率を上げ…'],
  ['学習率を上げる', 12, '学習率を上…'],
  ['🚀🚀🚀', 4, '🚀…'],
])('%j in %d columns is %j', (text, width, cut) => {
  expect(cutTo(text, width)).toBe(cut);
  expect(widthOf(cut)).toBeLessThanOrEqual(width);
});
