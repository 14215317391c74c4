import { describe, expect, it } from 'vitest';
import { experimentRow, statusOf } from '../../../src/core/journal/experiment-row.ts';
import { experimentOf } from '../../../src/core/journal/history.ts';
import { createJournal, failed, fakeHash, type Journal, scored } from '../../helpers/journal.ts';

const row = (journal: Journal, experiment: number) => {
  const history = journal.history();
  return experimentRow(history, experimentOf(history, experiment));
};

it('the baseline has a metric and no parent, researcher or gain', () => {
  expect(row(createJournal().baseline(scored(2), scored(3)), 0)).toEqual({
    experiment: 0,
    parent: null,
    commit: fakeHash('commit', 0),
    status: 'baseline',
    title: 'baseline',
    researcher: null,
    arm: null,
    why: null,
    metric: 2.5,
    gain: null,
    delta: null,
    error: null,
    estimatedGain: null,
    outcome: null,
    probability: null,
    startedAt: '2024-11-23T22:03:00.000Z',
    endedAt: '2024-11-23T22:06:00.000Z',
    seconds: 20,
    usd: 0,
    vouched: 'self-reported',
    contended: 0,
    slot: null,
    reason: 'the baseline',
  });
});

it('a kept experiment is known by the commit on the branch, and by its measured gain', () => {
  expect(row(createJournal().baseline(scored(2)).experiment(scored(1.9), 'keep', 'Try it'), 1)).toMatchObject({
    parent: 0,
    commit: fakeHash('keep', 1),
    status: 'kept',
    title: 'Try it',
    metric: 1.9,
    gain: expect.closeTo(0.1, 12),
    delta: expect.closeTo(0.1, 12),
    error: null,
  });
});

it('a failed experiment has no metric, and the reason why', () => {
  expect(row(createJournal().baseline(scored(2)).experiment(failed(), 'revert'), 1)).toMatchObject({
    commit: fakeHash('commit', 1),
    status: 'failed',
    metric: null,
    gain: null,
    outcome: 'crashed',
    reason: 'exit code 1',
  });
});

describe('the status of an experiment', () => {
  const verdict = (journal: Journal, experiment = 1) => statusOf(experimentOf(journal.history(), experiment));
  const study = () => createJournal().baseline(scored(2));

  it.each([
    ['running', 'before its verdict', createJournal(), 0],
    ['running', 'when it is to run again', study().experiment(scored(1), 'rerun'), 1],
    ['baseline', 'for experiment 0', study(), 0],
    ['kept', 'when it was kept', study().experiment(scored(1), 'keep'), 1],
    ['reverted', 'when it had a score', study().experiment(scored(3), 'revert'), 1],
    ['failed', 'when it had none', study().experiment(failed(), 'revert'), 1],
  ] as const)('is %s %s', (status, _, journal, experiment) => {
    expect(verdict(journal, experiment)).toBe(status);
  });
});

it('before the verdict the gain is that over the parent, in the direction of the goal', () => {
  const journal = createJournal().baseline(scored(2)).experiment(scored(2.5), 'rerun');
  const history = journal.history();
  const { verdict: _, ...unjudged } = experimentOf(history, 1);
  expect(experimentRow(history, unjudged).gain).toBe(-0.5);
});
