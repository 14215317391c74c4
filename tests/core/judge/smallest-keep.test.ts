import { expect, test } from 'vitest';
import { experimentOf, type History } from '../../../src/core/journal/history.ts';
import { decide } from '../../../src/core/judge/policies/value/decide.ts';
import { createStudyWalk } from '../../../src/core/judge/policies/value/walk-history.ts';
import { smallestKeeps } from '../../../src/core/judge/smallest-keep.ts';
import { createJournal as createPlainJournal, scored } from '../../helpers/journal.ts';
import { createJournal } from '../../helpers/study-history.ts';

function study(attempts: number) {
  const journal = createJournal();
  journal.begin();
  for (let index = 0; index < attempts; index++) {
    journal.attempt({ title: `idea ${index}`, value: 2.99 + ((index * 7) % 11) / 200 });
  }
  return underPolicy(journal.history(), 'value');
}

function underPolicy(history: History, policy: string): History {
  return { ...history, session: { ...history.session, policy } };
}

test.each([0, 5, 50])(
  'after %i experiments a little more than the smallest keep is kept, and a little less is not',
  (count) => {
    const history = study(count);
    const walk = createStudyWalk();
    const belief = walk.over(history)?.belief();
    const keeps = smallestKeeps(history, walk, 'llm', [1, 3]);
    expect(keeps.map(({ runs }) => runs)).toEqual([1, 3]);
    for (const { runs, gain } of keeps) {
      const decisionAt = (share: number) =>
        belief && decide(belief, { mean: 3 - share * gain, runs, squares: 0 }, { researcher: 'llm' }, false);
      expect([decisionAt(1.01), decisionAt(0.99)]).toEqual(['keep', 'revert']);
    }
    expect(keeps[1]?.gain).toBeLessThan(keeps[0]?.gain ?? 0);
  },
);

test('where higher is better the gain is the same', () => {
  const turned = (goal: 'minimize' | 'maximize') => {
    const sign = goal === 'minimize' ? 1 : -1;
    const history = createPlainJournal()
      .baseline(...[2.99, 3, 3.01].map((value) => scored(sign * value)))
      .history();
    const frozen = { ...history.frozen, metric: { name: 'score', goal } };
    return smallestKeeps(underPolicy({ ...history, frozen }, 'value'), createStudyWalk(), 'llm', [1])[0]?.gain;
  };
  expect(turned('maximize')).toBeCloseTo(turned('minimize') ?? 0, 6);
});

test('a policy that goes by the means, and a script without noise, keep any gain that can be printed', () => {
  const history = study(3);
  const keepsOf = (policy: string) => smallestKeeps(underPolicy(history, policy), createStudyWalk(), 'llm', [1, 3]);
  expect(keepsOf('greedy')).toEqual([{ runs: 1, gain: 0.0001 }]);
  expect(keepsOf('confirm')).toEqual([{ runs: 2, gain: 0.0001 }]);
  const still = createPlainJournal().baseline(scored(2), scored(2)).history();
  expect(smallestKeeps(underPolicy(still, 'value'), createStudyWalk(), 'llm', [1])).toEqual([
    { runs: 1, gain: 0.0001 },
  ]);
});

test('before the baseline is measured nothing is known', () => {
  const history = createPlainJournal().history();
  expect(experimentOf(history, 0).verdict).toBeUndefined();
  expect(smallestKeeps(history, createStudyWalk(), 'llm', [1])).toEqual([]);
});
