import { describe, expect, it } from 'vitest';
import { progressOf } from '../../../../src/core/views/report/progress.ts';
import { createJournal, type Journal, scored } from '../../../helpers/journal.ts';
import { keptInAnotherOrder } from '../../../helpers/slots-study.ts';

const kept = (...values: readonly number[]) =>
  values.reduce((journal, value) => journal.experiment(scored(value), 'keep'), createJournal().baseline(scored(2)));

const stepsIn = (journal: Journal) => progressOf(journal.history(), undefined, 3).steps;

describe('the staircase', () => {
  it.each([
    ['each keep that measured better than the one before', [1.9, 1.8, 1.7], [2, 1.9, 1.8, 1.7]],
    ['of a lucky keep only what its successors held', [1.9, 1.5, 1.7, 1.6], [2, 1.9, 1.7, 1.6]],
    ['one step for two keeps that measured the same', [1.9, 1.9, 1.8], [2, 1.9, 1.8]],
    ['only what came after a keep that lost it all', [1.9, 2.1, 1.8], [2, 1.8]],
    ['nothing when the last keep measured no better than the baseline', [1.9, 1.8, 2], [2]],
    ['the baseline alone when nothing was kept', [], [2]],
  ])('has %s', (_, values, steps) => {
    expect(stepsIn(kept(...values)).map(({ value }) => value)).toEqual(steps);
  });

  it('falls where the gain was made, also when its successor measured a little worse', () => {
    expect(stepsIn(kept(1.5, 1.51, 1.52, 1.4))).toEqual([
      { experiment: 0, value: 2 },
      { experiment: 1, value: 1.52 },
      { experiment: 4, value: 1.4 },
    ]);
  });

  it('falls at the experiment that was kept, and passes over those that were reverted', () => {
    const journal = kept(1.9).experiment(scored(1.5), 'revert').experiment(scored(1.8), 'keep');
    expect(stepsIn(journal)).toEqual([
      { experiment: 0, value: 2 },
      { experiment: 1, value: 1.9 },
      { experiment: 3, value: 1.8 },
    ]);
  });

  it('never falls where higher is better', () => {
    const [start] = createJournal().entries;
    const frozen = start?.event === 'study-started' ? start.frozen : undefined;
    if (!frozen) throw new Error('a journal begins with its study');
    const journal = createJournal({ frozen: { ...frozen, metric: { name: 'accuracy', goal: 'maximize' } } });
    journal.baseline(scored(0.5)).experiment(scored(0.8), 'keep').experiment(scored(0.7), 'keep');
    expect(stepsIn(journal).map(({ value }) => value)).toEqual([0.5, 0.7]);
  });
});

it('a later incumbent with a lower number claims what it measured from there on', () => {
  expect(stepsIn(keptInAnotherOrder())).toEqual([
    { experiment: 0, value: 2 },
    { experiment: 1, value: 1.25 },
  ]);
});
