import { expect, test } from 'vitest';
import type { Dimension, Space } from '../../../../src/core/space/knob.ts';
import { searchQuestion, settingsOf } from '../../../../src/core/space/search/search-question.ts';

const knob = (name: string, value: Dimension['knob']['value']) =>
  ({ name, file: 'a.py', type: 'float', value, text: '', span: [0, 0] }) as const;
const linear = { kind: 'float', low: 0, high: 1, log: false, zero: false } as const;

const space: Space = [
  { knob: knob('OPTIMIZER', 'sgd'), range: { kind: 'choice', values: ['sgd', 'adam'] } },
  {
    knob: knob('MOMENTUM', 0.123456),
    range: linear,
    when: [{ kind: 'one-of', knob: 'OPTIMIZER', file: 'a.py', values: ['sgd'] }],
  },
  { knob: knob('BETAS', [0.9, 0.99]), range: { kind: 'tuple', items: [linear, linear] } },
];

const now = { 'a.py:OPTIMIZER': 0, 'a.py:MOMENTUM': 0.123456, 'a.py:BETAS[0]': 0.9, 'a.py:BETAS[1]': 0.99 };

test('a tuple is asked for item by item, and everything has a place now', () => {
  const question = searchQuestion(space, { finished: [], running: [] }, 'gp', 'seed');
  expect(question.space.map(({ name }) => name)).toEqual(Object.keys(now));
  expect(question.current).toEqual(now);
});

test('a trial in which a knob did not matter lies where the source has that knob', () => {
  const values = { 'a.py:OPTIMIZER': 'adam', 'a.py:MOMENTUM': 0.7, 'a.py:BETAS': [0.5, 0.6] };
  const question = searchQuestion(
    space,
    { finished: [{ experiment: 1, values, scores: [2] }], running: [values] },
    'gp',
    's',
  );
  const places = { ...now, 'a.py:OPTIMIZER': 1, 'a.py:BETAS[0]': 0.5, 'a.py:BETAS[1]': 0.6 };
  expect(question.trials).toEqual([{ values: places, scores: [2] }]);
  expect(question.running).toEqual([places]);
});

test('a trial whose choice is no choice any more says nothing', () => {
  const finished = [{ experiment: 1, values: { 'a.py:OPTIMIZER': 'lion' }, scores: [2] }];
  expect(searchQuestion(space, { finished, running: [] }, 'gp', 's').trials).toEqual([]);
});

test('an answer turns what it moves, rounded, and leaves the rest to the digit', () => {
  expect(settingsOf(space, now)).toEqual([]);
  const settings = settingsOf(space, { ...now, 'a.py:BETAS[1]': 0.98765432 });
  expect(settings.map(({ dimension, to }) => [dimension.knob.name, to])).toEqual([['BETAS', [0.9, 0.988]]]);
});

test('an answer does not turn a knob that does not matter with the rest of it', () => {
  const settings = settingsOf(space, { ...now, 'a.py:OPTIMIZER': 1, 'a.py:MOMENTUM': 0.5 });
  expect(settings.map(({ dimension, to }) => [dimension.knob.name, to])).toEqual([['OPTIMIZER', 'adam']]);
});

test.each([
  ['GRAD_CLIP', 'above'],
  ['clip_grad_norm', 'above'],
  ['max_grad_norm', 'above'],
  ['WEIGHT_DECAY', 'below'],
])('the zero of %s lies %s its other values', (name, side) => {
  const range = { kind: 'float', low: 0.1, high: 10, log: true, zero: true } as const;
  const { space: axes, current } = searchQuestion(
    [{ knob: knob(name, 0), range }],
    { finished: [], running: [] },
    'gp',
    's',
  );
  expect(current[`a.py:${name}`]).toBe((axes[0] as { low: number; high: number })[side === 'above' ? 'high' : 'low']);
});

test('a knob at zero is drawn from its whole range: no factor moves it', () => {
  const spread = { down: 1, up: 1 };
  const [axis] = searchQuestion(
    [{ knob: knob('WARMUP', 0), range: linear, spread }],
    { finished: [], running: [] },
    'gp',
    's',
  ).space;
  expect(axis).not.toHaveProperty('spread');
  const [moved] = searchQuestion(
    [{ knob: knob('WARMUP', 0.1), range: linear, spread }],
    { finished: [], running: [] },
    'gp',
    's',
  ).space;
  expect(moved?.spread?.map((step) => Number(step.toFixed(3)))).toEqual([0.063, 0.172]);
});

test('the first steps of a momentum are those of what it lacks of one', () => {
  const range = { kind: 'float', low: 0, high: 0.98, log: false, zero: false } as const;
  const spread = { down: Math.log(2), up: Math.log(2) };
  const [axis] = searchQuestion(
    [{ knob: knob('MOMENTUM', 0.9), range, spread }],
    { finished: [], running: [] },
    'gp',
    's',
  ).space;
  // To .45, and to the high bound.
  expect(axis?.spread?.[0]).toBeCloseTo(Math.log(0.55 / 0.1), 9);
  expect(axis?.spread?.[1]).toBeCloseTo(Math.log(0.1 / 0.02), 9);
});

test.each([
  [1, 32, true],
  [2, 16, true],
  [2, 15, false],
  [0, 32, false],
])('a count from %i to %i is searched by ratios: %s', (low, high, isByRatio) => {
  const range = { kind: 'int', low, high, log: false, zero: false } as const;
  const context: Space = [{ knob: { ...knob('CONTEXT', 4), type: 'int' }, range }];
  const finished = [{ experiment: 1, values: { 'a.py:CONTEXT': 0 }, scores: [1] }];
  const question = searchQuestion(context, { finished, running: [] }, 'gp', 's');
  expect(question.space).toEqual([{ name: 'a.py:CONTEXT', kind: expect.anything(), low, high, log: isByRatio }]);
  // No ratio leads to a zero that a trial under another range had.
  expect(question.trials).toHaveLength(isByRatio ? 0 : 1);
});
