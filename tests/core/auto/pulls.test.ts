import { expect, test } from 'vitest';
import { pullsSince } from '../../../src/core/auto/pulls.ts';
import { createArmStudy } from '../../helpers/arm-study.ts';

test.each([
  // The budget is 5 s.
  { training: 5, thinking: 0, cost: 1 },
  { training: 5, thinking: 5, cost: 2 },
  { training: 5, thinking: 1.3, cost: 1.25 },
  { training: 0.1, thinking: 0.1, cost: 0.25 },
])(
  'an experiment of $training s training and $thinking s thought costs $cost budgets',
  ({ training, thinking, cost }) => {
    const study = createArmStudy().pull('llm-knobs', 0, training, thinking);
    expect(pullsSince(study.history(), 0)).toEqual([{ arm: 'llm-knobs', experiment: 1, gain: 0, isKept: false, cost }]);
  },
);

test('a refused proposal costs what it took to think of it', () => {
  const study = createArmStudy().refuse('llm-knobs', 10);
  expect(pullsSince(study.history(), 0)).toEqual([
    { arm: 'llm-knobs', experiment: 1, gain: 0, isKept: false, cost: 2 },
  ]);
});
