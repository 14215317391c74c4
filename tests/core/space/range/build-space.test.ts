import { describe, expect, it, test } from 'vitest';
import type { Space } from '../../../../src/core/space/knob.ts';
import { buildSpace, planKnobs, rebuildSpace } from '../../../../src/core/space/range/build-space.ts';
import { formatConditions } from '../../../../src/core/space/range/conditions.ts';
import { formatRange } from '../../../../src/core/space/range/parse-range.ts';
import { knob } from '../../../helpers/knob.ts';

function texts(space: Space): string[] {
  return space.map(({ knob: { name }, range, when }) => {
    const condition = when === undefined ? '' : ` if ${formatConditions(when)}`;
    return `${name}: ${formatRange(range)}${condition}`;
  });
}

describe('buildSpace', () => {
  const knobs = ['LR = 0.1', 'DEPTH = 8', 'MODE = "a"', 'FAST = True', 'BETAS = (0.8, 0.95)', 'SEED = 1'].map(knob);

  test('keeps source order, leaves out what has no range, and puts declared ranges first', () => {
    const space = buildSpace(knobs, { DEPTH: 'int 2..12', MODE: 'choice a, b', SEED: 'int 0..9' }, 'program.md');
    expect(space.map(({ knob: { name }, range }) => `${name}: ${formatRange(range)}`)).toEqual([
      'LR: log 0.0033..3',
      'DEPTH: int 2..12',
      'MODE: choice a, b',
      'FAST: bool',
      'BETAS: (float 0..0.99, float 0.5..0.995)',
      'SEED: int 0..9',
    ]);
  });

  test('a choice of the current value alone holds a knob still', () => {
    const space = buildSpace(knobs, { DEPTH: 'choice 8', FAST: 'choice true', BETAS: 'fixed' }, 'program.md');
    expect(space.map(({ knob: { name } }) => name)).toEqual(['LR']);
  });

  test('a knob named like a method of objects gets no range by accident', () => {
    expect(buildSpace([knob('toString = "a"')], {}, 'program.md')).toEqual([]);
  });

  test.each([
    ['LRR', 'log 1..2', 'is not a knob of the editable files; did you mean `LR`?'],
    ['depth', 'int 1..9', 'is not a knob of the editable files; did you mean `DEPTH`?'],
    ['QQQQ', 'int 1..9', 'is not a knob of the editable files; expected one of LR, DEPTH, MODE, FAST, BETAS, SEED'],
    ['LR', 'log 1', 'must be a range such as `log 1e-4..1e-1`, found `log 1`'],
    ['LR', 'log 1..2', 'must be a range that contains the current value, `LR = 0.1` in train.py, found `log 1..2`'],
    [
      'LR',
      'choice 1, 2',
      'must be a range that contains the current value, `LR = 0.1` in train.py, found `choice 1, 2`',
    ],
    ['LR', 'choice a, b', 'must be a range of numbers, to suit `LR = 0.1` in train.py, found `choice a, b`'],
    [
      'DEPTH',
      'float 1..9',
      'must be a range of whole numbers (`int`, `int log`, `pow2` or `choice`), to suit `DEPTH = 8` in train.py, found `float 1..9`',
    ],
    [
      'DEPTH',
      'choice 8, 8.5',
      'must be a range of whole numbers (`int`, `int log`, `pow2` or `choice`), to suit `DEPTH = 8` in train.py, found `choice 8, 8.5`',
    ],
    [
      'DEPTH',
      'int 9..12',
      'must be a range that contains the current value, `DEPTH = 8` in train.py, found `int 9..12`',
    ],
    ['MODE', 'int 1..4', 'must be a `choice` of texts, to suit `MODE = "a"` in train.py, found `int 1..4`'],
    [
      'MODE',
      'choice b, c',
      'must be a range that contains the current value, `MODE = "a"` in train.py, found `choice b, c`',
    ],
    ['FAST', 'int 0..1', 'must be `bool`, to suit `FAST = True` in train.py, found `int 0..1`'],
    [
      'BETAS',
      'choice (0.8, 0.95), (0.9,)',
      'must be a range for each item, or a `choice` of tuples of the same length, to suit `BETAS = (0.8, 0.95)` in train.py, found `choice (0.8, 0.95), (0.9,)`',
    ],
  ])('%s: %s', (name, text, sentence) => {
    expect(() => buildSpace(knobs, { [name]: text }, 'program.md')).toThrow(
      `program.md: \`space.${name}\` ${sentence}`,
    );
  });
});

describe('an annotation', () => {
  const line = 'LR = 0.1  # space: log 0.01..1';

  it('wins over the derived range, and the brief wins over it', () => {
    expect(texts(buildSpace([knob(line)], {}, 'program.md'))).toEqual(['LR: log 0.01..1']);
    expect(texts(buildSpace([knob(line)], { LR: 'log 0.001..1' }, 'program.md'))).toEqual(['LR: log 0.001..1']);
  });

  it('is held to the same rules, and its error names the file', () => {
    const subject = 'train.py: the range in the comment of `LR` must be';
    const build = (text: string) => () => buildSpace([knob(`LR = 0.1  # space: ${text}`)], {}, 'program.md');
    expect(build('log 1..2')).toThrow(`${subject} a range that contains the current value, \`LR = 0.1\` in train.py`);
    expect(build('around 0.1')).toThrow(`${subject} a range such as \`log 1e-4..1e-1\`, found \`around 0.1\``);
    expect(build('bool')).toThrow(`${subject} a range of numbers, to suit`);
  });

  it('that no longer fits after an edit of the code gives way to the derived range', () => {
    expect(texts(rebuildSpace([knob('LR = 5.0  # space: log 0.01..1')], {}))).toEqual(['LR: log 0.17..150']);
    expect(texts(rebuildSpace([knob('LR = 0.1  # space: whatever')], {}))).toEqual(['LR: log 0.0033..3']);
  });
});

describe('a conditional knob', () => {
  const knobs = ['OPTIMIZER = "sgd"', 'MOMENTUM = 0.9', 'LAYERS = 2', 'DROPOUT = 0.1'].map(knob);
  const build = (declared: Record<string, string>) => buildSpace(knobs, declared, 'program.md');
  const gate = { OPTIMIZER: 'choice sgd, adam' };

  it('carries its condition when the knob that it names is searched', () => {
    expect(texts(build({ ...gate, MOMENTUM: '0..0.99 if OPTIMIZER == sgd' }))).toContain(
      'MOMENTUM: float 0..0.99 if OPTIMIZER == sgd',
    );
    expect(texts(build({ DROPOUT: '0..0.5 if LAYERS > 1 and OPTIMIZER in sgd, adam', ...gate }))).toContain(
      'DROPOUT: float 0..0.5 if LAYERS > 1 and OPTIMIZER in sgd, adam',
    );
  });

  it('is settled at once when the knob that it names stays as it is', () => {
    expect(texts(build({ MOMENTUM: '0..0.99 if OPTIMIZER == sgd' }))).toContain('MOMENTUM: float 0..0.99');
    const plans = planKnobs(knobs, { MOMENTUM: '0..0.99 if OPTIMIZER == adam' }, 'program.md');
    expect(plans[1]).toMatchObject({ kind: 'still', why: '`OPTIMIZER == adam` does not hold' });
  });

  it.each([
    [
      { MOMENTUM: '0..0.99 if OPTIMISER == sgd' },
      '`space.MOMENTUM`: `OPTIMISER` is not a knob of the editable files; did you mean `OPTIMIZER`?',
    ],
    [
      { LAYERS: '1..3 if DROPOUT > 0', DROPOUT: '0..0.5 if LAYERS > 1' },
      '`space.LAYERS` must not depend on itself: LAYERS if DROPOUT if LAYERS',
    ],
    [{ LAYERS: '1..3 if LAYERS > 1' }, '`space.LAYERS` must not depend on itself: LAYERS if LAYERS'],
    [
      { ...gate, MOMENTUM: '0..0.99 if OPTIMIZER == lion' },
      '`space.MOMENTUM` has a condition that never holds: `OPTIMIZER == lion` is outside the range of `OPTIMIZER`',
    ],
    [{ MOMENTUM: '0..0.99 if' }, '`space.MOMENTUM` must be a range such as `log 1e-4..1e-1`, found `0..0.99 if`'],
    [{ MOMENTUM: '0..0.99 if sgd' }, 'must be a condition such as `OPTIMIZER == sgd` or `LAYERS > 1`, found `sgd`'],
    [{ MOMENTUM: '0..0.99 if LAYERS > two' }, 'must be a condition with a number after `>`, found `two`'],
    [{ MOMENTUM: '0..0.99 if OPTIMIZER == a, b' }, 'must be one value after `==`, or `in`, found `a, b`'],
  ])('%j is one clear error', (declared: Record<string, string>, sentence) => {
    expect(() => build(declared)).toThrow(sentence);
  });

  it('whose knobs an edit of the code has taken away is searched always', () => {
    const left = [knob('MOMENTUM = 0.9')];
    expect(texts(rebuildSpace(left, { MOMENTUM: '0..0.99 if OPTIMIZER == sgd' }))).toEqual(['MOMENTUM: float 0..0.99']);
  });
});

it('every knob is searched or has a reason why not', () => {
  const lines = ['LR = 0.1', 'SEED = 1', 'MODE = "a"', 'SIZES = (1, 2)', 'OFFSET = -1.0', 'DEPTH = 3  # space: fixed'];
  const plans = planKnobs([...lines, 'WIDTH = 7'].map(knob), { WIDTH: 'choice 7' }, 'program.md');
  expect(plans.map((plan) => (plan.kind === 'still' ? plan.why : plan.origin))).toEqual([
    'derived',
    'SEED names no part of the method',
    'a text needs a `choice`',
    'a tuple needs a range for each item',
    'no rule knows such a name and value',
    'the annotation holds it still',
    'the brief holds it still',
  ]);
});

test('a range is for the knobs of its name that are not still, where there are any', () => {
  const free = { ...knob('lr = 0.01'), file: 'conf/optimizer/adam.yaml' };
  const still = { ...knob('lr = 0.5'), file: 'conf/optimizer/sgd.yaml', still: 'it is not chosen' };
  const named = (knobs: Parameters<typeof buildSpace>[0], text: string) =>
    buildSpace(knobs, { lr: text }, 'program.md').map((each) => each.knob.file);
  expect(named([free, still], 'log 0.001..0.1')).toEqual(['conf/optimizer/adam.yaml']);
  expect(rebuildSpace([still, free], { lr: 'log 0.001..0.1' })).toHaveLength(1);
  expect(named([still], 'log 0.1..1')).toEqual(['conf/optimizer/sgd.yaml']);
});
