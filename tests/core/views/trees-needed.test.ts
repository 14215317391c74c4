import { expect, it } from 'vitest';
import { type TreesNeed, treesNeedOf } from '../../../src/core/views/trees-needed.ts';
import { createJournal, frozen, type Journal, scored } from '../../helpers/journal.ts';

const night = (start: Parameters<typeof createJournal>[0] = {}) =>
  createJournal(start)
    .baseline(scored(2))
    .experiment(scored(1.5), 'keep')
    .experiment(scored(3), 'revert')
    .experiment(scored(1.2), 'keep');

const needsOf = (journal: Journal): TreesNeed[] =>
  journal.history().experiments.map((record) => treesNeedOf(journal.whole(), record));

it('nothing needs the trees of what was not kept, and of older keeps only who wants their weights', () => {
  expect(needsOf(night())).toEqual(['keep', 'keep', 'nothing', 'best']);
});

it('keeps stay until the overfitting gauge has graded them', () => {
  const journal = night({ frozen: { ...frozen, score: ['python', 'score.py'] } });
  expect(needsOf(journal)).toEqual(['ungraded', 'ungraded', 'nothing', 'best']);
});

it('what has no verdict stays', () => {
  const made = night();
  const proposal = { title: 't', hypothesis: '', kind: 'code' as const, edits: [] };
  made.add({ event: 'proposal-made', experiment: 4, attempt: 0, parent: 3, researcher: 'x', proposal });
  expect(needsOf(made).at(-1)).toBe('open');
});

it('what will be the best once a keep is taken out, as the owner asked, stays too', () => {
  const asked = (experiment: number) => needsOf(night().add({ event: 'withdrawal-asked', id: 'a', experiment }));
  expect(asked(3)).toEqual(['keep', 'best', 'nothing', 'best']);
  expect(asked(1)).toEqual(['best', 'keep', 'nothing', 'best']);
});
