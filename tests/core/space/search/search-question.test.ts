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
