import { describe, expect, it } from 'vitest';
import type { EntryOf } from '../../../src/core/journal/entry.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { turnKnobs } from '../../../src/testing/index.ts';
import { createJournal, failed, fakeHash, type Journal, scored } from '../../helpers/journal.ts';
import { judgeAnew } from '../../helpers/judge-anew.ts';

const [start] = createJournal().entries as [EntryOf<'study-started'>];
const proposal = turnKnobs({ LR: 1 });

function study(goal: 'minimize' | 'maximize', ...baseline: readonly number[]): Journal {
  const frozen = { ...start.frozen, metric: { name: 'score', goal } };
  return createJournal({ frozen }).baseline(...baseline.map((value) => scored(value)));
}

/** An experiment whose runs have ended like this and that has no verdict yet. */
function tried(journal: Journal, ...results: readonly RunResult[]): Journal {
  journal.add({ event: 'proposal-made', experiment: 1, attempt: 0, parent: 0, researcher: 'random', proposal });
  const [commit, tree] = [fakeHash('commit', 1), fakeHash('tree', 1)];
  journal.add({ event: 'candidate-committed', experiment: 1, commit, tree, content: 'x' });
  for (const [index, result] of results.entries()) {
    journal.add({ event: 'run-started', experiment: 1, run: index + 1, seed: index });
    journal.add({ event: 'run-ended', experiment: 1, run: index + 1, result });
  }
  return journal;
}

describe('the greedy policy', () => {
  it.each([
    ['minimize', 2, 1.9, 'keep', 'better by 0.1000'],
    ['minimize', 2, 2.1, 'revert', 'worse by 0.1000'],
    ['minimize', 2, 2, 'revert', 'no better than the incumbent'],
    ['maximize', 2, 2.1, 'keep', 'better by 0.1000'],
    ['maximize', 2, 1.9, 'revert', 'worse by 0.1000'],
    ['maximize', 2, 2, 'revert', 'no better than the incumbent'],
    ['minimize', 0.5, 0.4999, 'keep', 'better by 0.0001'],
    ['maximize', -3, -2, 'keep', 'better by 1.0000'],
    ['minimize', -3, -2, 'revert', 'worse by 1.0000'],
  ] as const)('that must %s from %d and sees %d says %s: %s', (goal, before, value, decision, reason) => {
    expect(judgeAnew(tried(study(goal, before), scored(value)).history(), 1, 'greedy')).toMatchObject({
      decision,
      reason,
    });
  });
});

it('the baseline is always kept', () => {
  const journal = study('minimize', 2, 2.2, 2.4);
  expect(judgeAnew(journal.history(), 0, 'greedy')).toMatchObject({ decision: 'keep', reason: 'the baseline' });
});

it('a candidate without a score is reverted for the reason of its run', () => {
  const verdict = judgeAnew(tried(study('minimize', 2), failed('crashed', 'exit code 1: no')).history(), 1, 'greedy');
  expect(verdict).toEqual({ decision: 'revert', reason: 'exit code 1: no' });
});

it('a candidate whose runs were all lost is reverted for the last loss', () => {
  const journal = tried(study('minimize', 2), failed('lost', 'first'), failed('lost', 'then again'));
  expect(judgeAnew(journal.history(), 1, 'greedy')).toEqual({ decision: 'revert', reason: 'then again' });
});

it('the statistics are those of the means; the standard error takes the upper 80 % bound of a sigma from few runs', () => {
  const verdict = judgeAnew(tried(study('minimize', 2.0, 2.2, 2.4), scored(2.0)).history(), 1, 'greedy');
  expect(verdict.statistics).toMatchObject({ mean: 2, runs: 1 });
  expect(verdict.statistics?.incumbentMean).toBeCloseTo(2.2, 12);
  expect(verdict.statistics?.gain).toBeCloseTo(0.2, 12);
  expect(verdict.statistics?.standardError).toBeCloseTo(0.2 * Math.sqrt(2 / 0.4504) * Math.sqrt(1 + 1 / 3), 3);
  // Student's t with two degrees of freedom.
  const reach = 4.302653 * 0.2 * Math.sqrt(1 + 1 / 3);
  expect(verdict.statistics?.interval?.[0]).toBeCloseTo(0.2 - reach, 6);
  expect(verdict.statistics?.interval?.[1]).toBeCloseTo(0.2 + reach, 6);
});

it.each(['greedy', 'confirm', 'value'] as const)(
  'under %s a candidate that failed when it ran again is reverted',
  (policy) => {
    const journal = tried(study('minimize', 2, 2.1, 2.2), scored(1), failed('crashed', 'exit code 1'));
    const verdict = judgeAnew(journal.history(), 1, policy);
    expect(verdict).toMatchObject({ decision: 'revert', reason: 'run again, it failed: exit code 1' });
  },
);

it.each(['confirm', 'value'] as const)(
  'under %s a candidate whose repetitions are lost is judged by the run there is',
  (policy) => {
    const lost = failed('lost', 'gone');
    const twice = tried(study('minimize', 2, 2.1, 2.2), scored(1.5), lost, lost);
    expect(judgeAnew(twice.history(), 1, policy).decision).toBe('rerun');
    const thrice = tried(study('minimize', 2, 2.1, 2.2), scored(1.5), lost, lost, lost);
    expect(judgeAnew(thrice.history(), 1, policy)).toMatchObject({ decision: 'keep', statistics: { runs: 1 } });
  },
);

it('there is no standard error while nothing was repeated', () => {
  const verdict = judgeAnew(tried(study('minimize', 2), scored(1)).history(), 1, 'greedy');
  expect(verdict.statistics).not.toHaveProperty('standardError');
});

it('a candidate is held against the incumbent, not against the baseline', () => {
  const journal = study('minimize', 3).experiment(scored(1), 'keep');
  journal.add({ event: 'proposal-made', experiment: 2, attempt: 0, parent: 1, researcher: 'random', proposal });
  journal.add({ event: 'run-started', experiment: 2, run: 1, seed: 5 });
  journal.add({ event: 'run-ended', experiment: 2, run: 1, result: scored(2) });
  expect(judgeAnew(journal.history(), 2, 'greedy')).toMatchObject({ decision: 'revert', reason: 'worse by 1.0000' });
});
