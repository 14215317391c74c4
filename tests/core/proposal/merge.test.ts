import { describe, expect, it } from 'vitest';
import { mergeTexts } from '../../../src/core/proposal/merge.ts';

const base = 'a\nb\nc\nd\ne\n';

describe('two changes of one text', () => {
  it.each([
    ['apart are both made', 'A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n', 'A\nb\nc\nd\nE\n'],
    ['of which one adds and one takes away are both made', 'a\nb\nc\nc2\nd\ne\n', 'b\nc\nd\ne\n', 'b\nc\nc2\nd\ne\n'],
    ['that are the same are made once', 'a\nB\nc\nd\ne\n', 'a\nB\nc\nd\nE\n', 'a\nB\nc\nd\nE\n'],
    ['of which one is none are the other', base, 'a\nb\n', 'a\nb\n'],
    ['of the same line do not go together', 'a\nB\nc\nd\ne\n', 'a\nX\nc\nd\ne\n', undefined],
    ['of lines next to each other are both made', 'a\nB\nc\nd\ne\n', 'a\nb\nC\nd\ne\n', 'a\nB\nC\nd\ne\n'],
    ['of a line, and one added before it, do not go together', 'a\nB\nc\nd\ne\n', 'a\nx\nb\nc\nd\ne\n', undefined],
    ['of lines that reach over one another do not go together', 'a\nX\nd\ne\n', 'a\nb\nY\ne\n', undefined],
    ['that add other lines in one place do not go together', 'a\nx\nb\nc\nd\ne\n', 'a\ny\nb\nc\nd\ne\n', undefined],
    ['to a last line without an end are made', 'a\nb\nc\nd\ne', 'X\nb\nc\nd\ne\n', 'X\nb\nc\nd\ne'],
  ])('%s', (_, one, other, merged) => {
    expect(mergeTexts(base, one, other)).toBe(merged);
    expect(mergeTexts(base, other, one)).toBe(merged);
  });

  it('start from an empty text', () => {
    expect(mergeTexts('', 'a\n', '')).toBe('a\n');
    expect(mergeTexts('', 'a\n', 'b\n')).toBeUndefined();
  });
});
