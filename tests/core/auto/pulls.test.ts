import { expect, test } from 'vitest';
import { pullsSince, refusalsNow } from '../../../src/core/auto/pulls.ts';
import { createArmStudy } from '../../helpers/arm-study.ts';
import { beginSlots, busySlots } from '../../helpers/slots-study.ts';

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

test('what has no result yet says nothing of its arm, nor does what is tried again; what was dropped is no pull', () => {
  const pulls = pullsSince(busySlots().history(), 0);
  expect(pulls.map(({ experiment, isOpen = false }) => [experiment, isOpen])).toEqual([
    [1, false],
    [2, true],
    [4, true],
    [5, true],
    [6, true],
  ]);
});

test('edits that do nothing on a newer incumbent are no refusal of their arm', () => {
  const { journal } = beginSlots();
  const refused = { attempt: 0, researcher: 'random', arm: 'random', why: '', title: '', reason: 'it changes nothing' };
  journal.add({ event: 'proposal-refused', experiment: 1, ...refused, reapplies: 0 });
  expect([...refusalsNow(journal.history())]).toEqual([]);
  expect(pullsSince(journal.history(), 0)).toEqual([]);
  journal.add({ event: 'proposal-refused', experiment: 1, ...refused, attempt: 1 });
  expect([...refusalsNow(journal.history())]).toEqual([['random', 1]]);
});
