import { describe, expect, test } from 'vitest';
import { checkDeclared } from '../../../../src/core/space/range/check-declared.ts';
import { knob } from '../../../helpers/knob.ts';

const knobs = (...lines: readonly string[]) => lines.map(knob);
const atStart = knobs('LR = 0.1', 'WIDTH = 64', 'OPTIMIZER = "sgd"', 'MOMENTUM = 0.9');
/** The study has made WIDTH a float, removed MOMENTUM and added DROPOUT. */
const now = knobs('LR = 0.2', 'WIDTH = 0.5', 'OPTIMIZER = "adam"', 'DROPOUT = 0.1');
const check = (declared: Readonly<Record<string, string>>) => checkDeclared({ atStart, now }, declared, 'program.md');

describe('a range of a study that goes on', () => {
  test.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{ LR: 'log 0.01..1' }, []],
    [{ WIDTH: 'pow2 1..128' }, []],
    [{ WIDTH: '0.1..0.9' }, []],
    [{ DROPOUT: '0..0.5' }, []],
    [{ MOMENTUM: '0..0.99' }, ['MOMENTUM']],
    [{ MOMENTUM: '0..0.99 if OPTIMIZER == sgd', OPTIMIZER: 'choice sgd, adam' }, ['MOMENTUM']],
    [{ LR: 'fixed', WIDTH: 'pow2 1..128', DROPOUT: '0..0.5' }, []],
  ])('%j is right for the script at its start, or as it is now', (declared, idle) => {
    expect(check(declared)).toEqual(idle);
  });

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ WIDHT: 'pow2 1..128' }, 'program.md: `space.WIDHT` is not a knob of the editable files; did you mean `WIDTH`?'],
    [{ DROPOUTS: '0..0.5' }, 'did you mean `DROPOUT`?'],
    [{ LR: 'log 1..2' }, '`space.LR` must be a range that contains the current value, `LR = 0.2` in train.py'],
    [{ MOMENTUM: '0.95..0.99' }, 'must be a range that contains the current value, `MOMENTUM = 0.9` in train.py'],
    [{ DROPOUT: '0..0.5 if OPTIMISER == sgd' }, '`OPTIMISER` is not a knob of the editable files; did you mean'],
  ])('%j is wrong for both', (declared, trouble) => {
    expect(() => check(declared)).toThrow(trouble);
  });
});
