import { describe, expect, it } from 'vitest';
import { fixedWorkText, isDeterministic, isFixedWork, isMachineProof } from '../../../src/core/journal/fixed-work.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

/** Runs of a study with a budget of 5 s that trained this long. */
const lasting = (seconds: readonly number[], scores: readonly number[] = [2.001, 2.002, 2.003]): RunResult[] =>
  seconds.map((trainSeconds, index) => ({ ...scored(scores[index] ?? 2), trainSeconds }));

const unread = { isBudgetNamed: false, isClockRead: false };

describe('a script does fixed work', () => {
  it.each([
    ['that names no budget and reads no clock', unread, [3, 3.1, 3.2]],
    ['that trains far beyond its budget', unread, [60, 61, 62]],
    ['that reads a clock only to print the time', { isBudgetNamed: false, isClockRead: true }, [3, 3.1, 3.2]],
    ['that does so and lasts equally long', { isBudgetNamed: false, isClockRead: true }, [4, 4.01, 4.02]],
    ['that names a limit and reads no clock', { isBudgetNamed: false, isLimitNamed: true }, [3, 3.1, 3.2]],
    [
      'that names its budget, reads no clock and is done long before',
      { isBudgetNamed: true, isClockRead: false },
      [1, 1.1, 0.9],
    ],
  ])('%s', (_, named, seconds) => {
    expect(
      isFixedWork(
        createJournal(named)
          .baseline(...lasting(seconds))
          .history(),
      ),
    ).toBe(true);
  });
});

describe('a script does not do fixed work', () => {
  it.each([
    ['that trains for a share of its budget by the clock', { isBudgetNamed: true, isClockRead: true }, [1, 1.1, 0.9]],
    ['that names its budget and uses it', { isBudgetNamed: true, isClockRead: true }, [5, 5.1, 5.2]],
    [
      'that ends by a clock of its own, however jittery its start',
      { isBudgetNamed: false, isClockRead: true, isLimitNamed: true },
      [4, 4.5, 5.2],
    ],
    ['of an older study, which did not look', {}, [3, 3.1, 3.2]],
    ['that has run once', unread, [3]],
  ])('%s', (_, named, seconds) => {
    expect(
      isFixedWork(
        createJournal(named)
          .baseline(...lasting(seconds))
          .history(),
      ),
    ).toBe(false);
  });
});

it('the owner is told in plain words what follows from it', () => {
  expect(
    fixedWorkText(
      createJournal(unread)
        .baseline(...lasting([3, 3.1, 3.2]))
        .history(),
    ),
  ).toBe(
    'The script does the same work whatever its budget is: it trained for at most 3.2 s, of 5.0 s. So `budget` is only a bound, scores are compared at equal work, and knobs that set how long it trains (epochs, steps, rounds) stay as they are unless `space:` gives them a range.',
  );
});

describe('a busy machine changes no score', () => {
  const history = (named: object, scores: readonly number[]) =>
    createJournal(named)
      .baseline(...lasting([3, 3.1, 3.2], scores))
      .history();

  it('of fixed work whose repeats agree to the last digit', () => {
    expect(isMachineProof(history(unread, [2.1234, 2.1234, 2.1234]))).toBe(true);
  });

  it.each([
    ['whose seeds differ', unread, [2.1234, 2.1235, 2.1234]],
    ['that is printed with few digits', unread, [0.009, 0.009, 0.009]],
    ['of a script that trains by the clock', { isBudgetNamed: true }, [2.1234, 2.1234, 2.1234]],
  ])('but one %s may', (_, named, scores) => {
    expect(isMachineProof(history(named, scores))).toBe(false);
  });

  it('once a slowed run and its repeat agree, whatever the seeds do', () => {
    const journal = createJournal(unread).baseline(...lasting([3, 3.1, 3.2]));
    const slowed = { ...scored(1.9876), contention: { reason: 'other work', isRepeated: true } };
    journal.experiment(slowed, 'revert');
    journal.add({
      event: 'run-started',
      experiment: 1,
      run: 2,
      seed: journal.history().experiments[1]?.runs[0]?.seed ?? 0,
    });
    journal.add({ event: 'run-ended', experiment: 1, run: 2, result: scored(1.9876) });
    expect(isMachineProof(journal.history())).toBe(true);
  });

  it('is not known from one run', () => {
    expect(
      isDeterministic(
        createJournal(unread)
          .baseline(...lasting([3]))
          .history(),
      ),
    ).toBe(false);
  });
});
