import { describe, expect, it } from 'vitest';
import { nextStep } from '../../../src/core/decide/next-step.ts';
import { doubtGain, isDoubtful } from '../../../src/core/judge/doubt.ts';
import { dueRepetition } from '../../../src/core/judge/run-again.ts';
import { runAgainSentences } from '../../../src/core/views/conditions.ts';
import { createJournal, failed, type Journal, scored, session } from '../../helpers/journal.ts';

const now = { at: '2024-11-23T23:30:00.000Z' };
const value = { session: { ...session, policy: 'value' } };

/** A baseline with a sigma of 0.01, one keep, and experiments that were not kept since. */
function study(kept: number, misses: number, start: Parameters<typeof createJournal>[0] = value): Journal {
  const journal = createJournal(start).baseline(scored(1.99), scored(2), scored(2.01)).experiment(scored(kept), 'keep');
  for (let miss = 0; miss < misses; miss++) journal.experiment(scored(kept + 0.02), 'revert');
  return journal;
}

describe('a gain is doubted', () => {
  it('when one run measured more than five sigma and eight experiments since were not kept', () => {
    expect(doubtGain(study(1.8, 7).history())).toBeUndefined();
    expect(doubtGain(study(1.8, 8).history())).toBe(
      'one run measured its gain, and none of 8 experiments since then was kept',
    );
    expect(doubtGain(study(1.96, 20).history())).toBeUndefined();
  });

  it('not by experiments that gave no score', () => {
    const journal = study(1.8, 7).experiment(failed(), 'revert');
    expect(doubtGain(journal.history())).toBeUndefined();
    expect(doubtGain(journal.experiment(scored(1.81), 'revert').history())).toBeDefined();
  });

  it('under `value` alone, and not where every seed gives one score', () => {
    expect(doubtGain(study(1.8, 9, { session }).history())).toBeUndefined();
    const equal = createJournal(value).baseline(scored(2), scored(2), scored(2)).experiment(scored(1.5), 'keep');
    for (let miss = 0; miss < 9; miss++) equal.experiment(scored(1.6), 'revert');
    expect(doubtGain(equal.history())).toBeUndefined();
  });

  it('not of the baseline, nor of what ran twice', () => {
    const journal = createJournal(value).baseline(scored(1.99), scored(2), scored(2.01));
    for (let miss = 0; miss < 12; miss++) journal.experiment(scored(2.1), 'revert');
    expect(doubtGain(journal.history())).toBeUndefined();
    expect(isDoubtful({ gain: 50, runs: 2, misses: 50 })).toBe(false);
  });
});

describe('an incumbent whose gain is doubted', () => {
  const doubted = () =>
    study(1.8, 8).add({ event: 'gain-doubted', experiment: 1, run: 2, reason: 'one run measured its gain' });
  const runTwo = (journal: Journal) => journal.add({ event: 'run-started', experiment: 1, run: 2, seed: 9 });

  it('runs once more, with a fresh seed, before the next proposal', () => {
    expect(nextStep(study(1.8, 8).history(), now)).toMatchObject({ kind: 'doubt-gain', experiment: 1, run: 2 });
    const journal = doubted();
    expect(nextStep(journal.history(), now)).toMatchObject({ kind: 'start-run', experiment: 1, run: 2 });
    runTwo(journal).add({ event: 'run-ended', experiment: 1, run: 2, result: scored(1.79) });
    expect(nextStep(journal.history(), now)).toMatchObject({ kind: 'propose', experiment: 10 });
    expect(runAgainSentences(journal.history())).toEqual([
      'Gain doubted: one run measured its gain. So experiment 1 was run again: 1.8000 before, 1.7900 then.',
    ]);
  });

  it('is named with what takes it out, when it is no gain by all its runs', () => {
    const journal = runTwo(doubted()).add({ event: 'run-ended', experiment: 1, run: 2, result: scored(2.4) });
    expect(runAgainSentences(journal.history()).join()).toContain(
      'By all its runs it is no better than the baseline; `nocturne revert 1` takes it out.',
    );
  });

  it('is not doubted again when that run gives no score', () => {
    const journal = runTwo(doubted()).add({ event: 'run-ended', experiment: 1, run: 2, result: failed() });
    expect(dueRepetition(journal.history())).toBeUndefined();
    expect(nextStep(journal.history(), now)).toMatchObject({ kind: 'propose' });
  });
});
