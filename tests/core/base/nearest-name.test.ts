import { expect, test } from 'vitest';
import { nearestName } from '../../../src/core/base/nearest-name.ts';

const known = ['budget', 'budget_clock', 'goal', 'metric', 'timeout'];

test.each([
  ['gaol', 'goal'],
  ['Metric', 'metric'],
  ['metrics', 'metric'],
  ['budget-clock', 'budget_clock'],
  ['clock', 'budget_clock'],
  ['time_out', 'timeout'],
  ['x', undefined],
  ['learning_rate', undefined],
])('%s means %s', (name, expected) => {
  expect(nearestName(name, known)).toBe(expected);
});
