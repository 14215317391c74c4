import { expect, it } from 'vitest';
import { cutTo, padTo, widthOf, wrapTo } from '../../../src/cli/render/fit-text.ts';

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

it.each([
  ['kept: better by 2', 17, 'kept: better by 2'],
  ['kept: better by 2', 16, 'kept: better by\n2'],
  ['     kept: better by 2', 18, '     kept: better\n     by 2'],
  ['   1 LR 0.1 -> 0.3, WIDTH 8 -> 16', 20, '   1 LR 0.1 -> 0.3,\n     WIDTH 8 -> 16'],
  ['\u001B[2m     why it was tried\u001B[22m', 12, '\u001B[2m     why it\n     was\n     tried\u001B[22m'],
  ['a /path/that/is/longer/than/that b', 12, 'a\n/path/that/is/longer/than/that\nb'],
  ['     /path/that/is/longer/than/that', 12, '     /path/that/is/longer/than/that'],
  ['one\ntwo three', 5, 'one\ntwo\nthree'],
])('%j wrapped at %d is %j', (text, width, wrapped) => {
  expect(wrapTo(text, width)).toBe(wrapped);
});
