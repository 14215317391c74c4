import { expect, it } from 'vitest';
import { statusOfStudy } from '../../../src/core/views/status.ts';
import { isFinished } from '../../../src/core/views/study-state.ts';
import { createJournal, failed, fakeHash, type Journal, scored, session } from '../../helpers/journal.ts';

const now = '2024-11-24T22:01:00.000Z';
const status = (journal: Journal, isLive = false) => statusOfStudy(journal.whole(), now, isLive);

it('a study that has just begun has neither baseline nor best', () => {
  expect(status(createJournal())).toMatchObject({ state: 'interrupted', baseline: null, best: null, experiments: 0 });
});

it('the counts are those of the verdicts', () => {
  const journal = createJournal()
    .baseline(scored(2), scored(2.2), scored(2.4))
    .experiment(scored(1), 'keep')
    .experiment(scored(3), 'revert')
    .experiment(failed(), 'revert');
  expect(status(journal)).toMatchObject({ experiments: 3, kept: 1, reverted: 1, failed: 1, runs: 6, stop: null });
});

it('the baseline has a mean and a standard deviation, and the best an interval from the pooled noise', () => {
  const { baseline, best } = status(createJournal().baseline(scored(2.0), scored(2.2), scored(2.4)));
  expect(baseline?.mean).toBeCloseTo(2.2, 12);
  expect(baseline?.sd).toBeCloseTo(0.2, 12);
  expect(best).toMatchObject({ experiment: 0, commit: fakeHash('commit', 0), n: 3 });
  // 4.302653 is the 97.5 % quantile of Student's t with two degrees of freedom.
  const half = (4.302653 * 0.2) / Math.sqrt(3);
  expect(best?.ci95?.[0]).toBeCloseTo(2.2 - half, 6);
  expect(best?.ci95?.[1]).toBeCloseTo(2.2 + half, 6);
});

it('one baseline run has no deviation and no interval', () => {
  expect(status(createJournal().baseline(scored(2)))).toMatchObject({ baseline: { sd: null }, best: { ci95: null } });
});

it('the best is the incumbent, at the tip', () => {
  const journal = createJournal().baseline(scored(2)).experiment(scored(1), 'keep').experiment(scored(3), 'revert');
  expect(status(journal).best).toMatchObject({ experiment: 1, commit: fakeHash('keep', 1), mean: 1, n: 1 });
});

it.each([
  ['experiments', 'finished'],
  ['target', 'finished'],
  ['exhausted', 'finished'],
  ['stopped', 'unfinished'],
  ['paused', 'unfinished'],
] as const)('a study that stopped for %s is %s', (reason, state) => {
  const journal = createJournal().add({ event: 'study-stopped', reason, detail: 'so it is' });
  expect(status(journal)).toMatchObject({ state, stop: { reason, detail: 'so it is' } });
  expect(isFinished(journal.history())).toBe(state === 'finished');
});

it('a study that somebody works on is running, and its hours go on', () => {
  const journal = createJournal();
  expect(status(journal, true)).toMatchObject({ state: 'running' });
  expect(status(journal, true).spent.hours).toBeCloseTo(24, 6);
  expect(status(journal, false).spent.hours).toBe(0);
});

it('a study that is resumed is no longer stopped', () => {
  const journal = createJournal().add({ event: 'study-stopped', reason: 'experiments', detail: '' });
  journal.add({ event: 'study-resumed', session, changed: [], isolation: 'B' });
  expect(status(journal)).toMatchObject({ state: 'interrupted', stop: null, isolation: 'B' });
});

it('a running study names the models that are away, since when and why, until they answer', () => {
  const away = { event: 'model-away', experiment: 1, model: 'openai:a', code: 'unauthorized', message: 'no' } as const;
  const call = { event: 'model-called', experiment: 1, model: 'a', asked: 'openai:a' } as const;
  const usage = { uncachedInput: 1, cachedInput: 0, cacheWrite: 0, output: 1 };
  const journal = createJournal().baseline(scored(2)).add(away);
  expect(status(journal, true).away).toMatchObject([{ model: 'openai:a', code: 'unauthorized' }]);
  expect(status(journal)).not.toHaveProperty('away');
  const again = journal.add({ ...call, attempt: 1, outcome: 'answer', purpose: 'probe', usage });
  expect(status(again, true)).not.toHaveProperty('away');
});
