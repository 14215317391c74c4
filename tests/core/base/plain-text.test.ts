import { describe, expect, it } from 'vitest';
import { lastLines, plainText } from '../../../src/core/base/plain-text.ts';

describe('plain text', () => {
  it.each([
    ['a colour', '\u001b[1;31mred\u001b[0m', 'red'],
    ['a cursor movement', 'a\u001b[2K\u001b[1Ab', 'ab'],
    ['a private mode', '\u001b[?25lhidden\u001b[?25h', 'hidden'],
    ['a window title', '\u001b]0;title\u0007text', 'text'],
    ['a link', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['a title that never ends', '\u001b]0;title\nValueError: no\n', '\nValueError: no\n'],
    ['a lone escape', 'a\u001bcb', 'ab'],
    ['an escape at the very end', 'a\u001b', 'a'],
    ['a bell, a backspace and a NUL', 'a\u0007\u0008\u0000b', 'ab'],
    ['eight-bit control codes', 'a\u0085\u009fb', 'ab'],
    ['zero-width characters', 'a\u200b\u200c\u200d\u2060\ufeffb', 'ab'],
    ['a soft hyphen', 'a\u00adb', 'ab'],
    ['reversed writing', 'a\u202etxt.exe\u202c\u2066x\u2069\u200f\u061cb', 'atxt.exexb'],
    ['line separators', 'a\u2028\u2029b', 'ab'],
    ['letters made of tags', 'a\u{e0041}\u{e007f}b', 'ab'],
    ['carriage returns', '1%\r2%\r\ndone\r', '1%\n2%\ndone\n'],
  ])('has no %s', (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('keeps everything that can be seen', () => {
    const text = 'Größe\t= 🌙 [0m { é́ } 日本語 العربية\n';
    expect(plainText(text)).toBe(text);
  });
});

it.each([
  ['a\nb\nc\n', 2, 'b\nc'],
  ['a\n\n \nb\n\n', 5, 'a\nb'],
  ['', 3, ''],
  ['only', 1, 'only'],
])('of %j the last %d lines are %j', (text, count, lines) => {
  expect(lastLines(text, count)).toBe(lines);
});
