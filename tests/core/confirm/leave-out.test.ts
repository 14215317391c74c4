import { describe, expect, it } from 'vitest';
import { leaveOut } from '../../../src/core/confirm/leave-out.ts';

const knobs = (LR: number, DEPTH: number, WIDTH = 8) => ({
  'train.py': `LR = ${LR}\nDEPTH = ${DEPTH}\nWIDTH = ${WIDTH}\n`,
});

describe('a kept step', () => {
  it('is taken out of the final again', () => {
    const final = knobs(0.3, 6, 16);
    expect(leaveOut(final, knobs(0.5, 4), knobs(0.3, 4))).toEqual({ kind: 'left-out', files: knobs(0.5, 6, 16) });
  });

  it('whose neighbouring lines changed later is still taken out', () => {
    expect(leaveOut(knobs(0.3, 6), knobs(0.3, 4), knobs(0.3, 6))).toEqual({ kind: 'left-out', files: knobs(0.3, 4) });
    expect(leaveOut(knobs(0.3, 6, 16), knobs(0.3, 4), knobs(0.3, 6))).toMatchObject({ files: knobs(0.3, 4, 16) });
  });

  it('whose own lines changed later cannot be left out', () => {
    expect(leaveOut(knobs(0.2, 4), knobs(0.5, 4), knobs(0.3, 4))).toEqual({ kind: 'inseparable', file: 'train.py' });
  });

  it('that could have been made in two places is not guessed at', () => {
    const before = { 'train.py': 'a\nx\nb\n' };
    const after = { 'train.py': 'a\ny\nb\n' };
    expect(leaveOut({ 'train.py': 'q\ny\nr\ny\ns\n' }, before, after)).toMatchObject({ kind: 'inseparable' });
  });

  it('that removed lines is undone only where its neighbours still stand', () => {
    const before = { 'train.py': 'a\nb\nc\n' };
    const after = { 'train.py': 'a\nc\n' };
    expect(leaveOut({ 'train.py': 'a\nc\nd\n' }, before, after)).toMatchObject({
      files: { 'train.py': 'a\nb\nc\nd\n' },
    });
    expect(leaveOut({ 'train.py': 'x\nz\n' }, before, after)).toMatchObject({ kind: 'inseparable' });
  });

  it('leaves files that it did not touch as they are in the final', () => {
    const left = leaveOut({ a: '2\n', b: '9\n' }, { a: '1\n', b: '0\n' }, { a: '2\n', b: '0\n' });
    expect(left).toEqual({ kind: 'left-out', files: { a: '1\n', b: '9\n' } });
  });
});
