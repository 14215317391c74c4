import { describe, expect, it } from 'vitest';
import type { RunConditions } from '../../../src/core/journal/conditions.ts';
import type { History } from '../../../src/core/journal/history.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { contentionOf } from '../../../src/core/run/contention.ts';
import { createJournal, failed, frozen, scored } from '../../helpers/journal.ts';

const under = (conditions: RunConditions): RunResult => ({ ...scored(2), conditions });

/** A baseline under these conditions, and a run of experiment 1 that is about to be judged. */
function contention(usual: RunConditions, now: RunConditions, clock: 'wall' | 'cpu' = 'wall') {
  const { frozen } = createJournal().history();
  const journal = createJournal({ frozen: { ...frozen, budgetClock: clock } });
  journal.baseline(under(usual), under(usual), under(usual)).experiment(scored(1.9), 'rerun');
  return contentionOf(journal.history(), 1, under(now));
}

/** A study whose baseline has these runs and no verdict yet. */
function unjudged(...results: readonly RunResult[]): History {
  const journal = createJournal();
  for (const [index, result] of results.entries()) {
    journal.add({ event: 'run-started', experiment: 0, run: index + 1, seed: 1 });
    journal.add({ event: 'run-ended', experiment: 0, run: index + 1, result });
  }
  return journal.history();
}

/** The baseline's second run after a first one. */
function again(before: RunConditions, now: RunConditions) {
  return contentionOf(unjudged(under(before)), 0, under(now));
}

describe('a run is contended', () => {
  it.each([
    [
      'others took its processor',
      { lostShare: 0.01 },
      { lostShare: 0.5 },
      'other work took 50 % of the processor time it wanted',
    ],
    ['the host took its cores', { stolenShare: 0 }, { stolenShare: 0.2 }, "the host took 20 % of its cores' time"],
    ['another process used its GPU', { gpuOthers: 0 }, { gpuOthers: 1 }, 'its GPU was shared with 1 other process'],
    [
      'heat slowed its GPU down',
      { gpuThrottledShare: 0 },
      { gpuThrottledShare: 0.4 },
      'its GPU was slowed down, by heat or its power supply, 40 % of the time',
    ],
  ])('when %s', (_, usual, now, reason) => {
    expect(contention(usual, now)).toEqual({ reason, isRepeated: true });
  });

  it('when it is much slower than the same candidate was before', () => {
    const reason = 'it made 80 steps a second, at least 100 in its earlier runs';
    expect(again({ stepsPerSecond: 100 }, { stepsPerSecond: 80 })).toEqual({ reason, isRepeated: true });
    expect(again({ gpuMhz: 1700 }, { gpuMhz: 1200 })).toMatchObject({ isRepeated: true });
  });

  it('by a stranger on a GPU that it shares with other runs of the study', () => {
    const reason = 'its GPU was shared with 1 other process';
    expect(contention({ gpuOthers: 0, shared: ['gpus'] }, { gpuOthers: 1, shared: ['gpus'] })).toMatchObject({
      reason,
    });
  });

  it('when it trained beyond its budget while others took its processor', () => {
    const overrun = (conditions: RunConditions): RunResult => ({ ...failed('timed-out'), isOverrun: true, conditions });
    const endedUnder = (usual: RunConditions, now: RunConditions) =>
      contentionOf(createJournal().baseline(under(usual)).experiment(under(usual), 'rerun').history(), 1, overrun(now));
    const reason = 'other work took 50 % of the processor time it wanted';
    expect(endedUnder({ lostShare: 0.01 }, { lostShare: 0.5 })).toEqual({ reason, isRepeated: true });
    expect(endedUnder({ lostShare: 0.01 }, { lostShare: 0.02 })).toBeUndefined();
  });

  it('when on a clock of CPU seconds it trained beyond its budget by as little as a busy machine adds', () => {
    const overrun: RunResult = { ...failed('timed-out'), isOverrun: true };
    const again = (budgetClock: 'cpu' | 'wall', excessSeconds: number) => {
      const journal = createJournal({ frozen: { ...frozen, budgetClock } }).baseline(under({}));
      return contentionOf(journal.experiment(under({}), 'rerun').history(), 1, { ...overrun, excessSeconds });
    };
    const reason = 'it was 0.1 s of CPU time too long, as little as a busy machine can add';
    expect(again('cpu', 0.1)).toEqual({ reason, isRepeated: true });
    expect(again('cpu', 0.6)).toBeUndefined();
    expect(again('wall', 0.1)).toBeUndefined();
  });

  it('in the first run of all, where nothing is usual yet', () => {
    const history = createJournal().history();
    expect(contentionOf(history, 0, under({ lostShare: 0.3 }))).toMatchObject({ isRepeated: true });
    expect(contentionOf(history, 0, under({ lostShare: 0.03 }))).toBeUndefined();
  });
});

describe('a run is not contended', () => {
  it.each<[string, RunConditions, RunConditions]>([
    ['when the machine was as busy during the baseline', { lostShare: 0.4 }, { lostShare: 0.42 }],
    ['when little was taken from it', { lostShare: 0 }, { lostShare: 0.04 }],
    ['when its model is slower than the baseline', { stepsPerSecond: 100 }, { stepsPerSecond: 10 }],
    ['when its model makes the GPU run at another clock', { gpuMhz: 1700 }, { gpuMhz: 1200 }],
    ['when nothing is known of the machine', { lostShare: 0 }, {}],
    ['when it is faster than before', { lostShare: 0.4 }, { lostShare: 0 }],
  ])('%s', (_, usual, now) => {
    expect(contention(usual, now)).toBeUndefined();
  });

  it.each<[string, RunConditions, RunConditions]>([
    ['the cores', { lostShare: 0, shared: ['cores'] }, { lostShare: 0.6, shared: ['cores'] }],
    ['the GPU', { gpuThrottledShare: 0, shared: ['gpus'] }, { gpuThrottledShare: 0.5, shared: ['gpus'] }],
  ])('by what other runs of the study take of %s, where the owner has them overlap', (_, usual, now) => {
    expect(contention(usual, now)).toBeUndefined();
  });

  it('by its own speed, which depends on what runs beside it where the owner has them overlap', () => {
    const shared = ['cores' as const];
    expect(again({ stepsPerSecond: 100, shared }, { stepsPerSecond: 50, shared })).toBeUndefined();
    expect(again({ gpuMhz: 1700, shared: ['gpus'] }, { gpuMhz: 900, shared: ['gpus'] })).toBeUndefined();
  });

  it('by waiting for a core, on a clock of CPU seconds', () => {
    expect(contention({ lostShare: 0 }, { lostShare: 0.6 }, 'cpu')).toBeUndefined();
  });

  it('when it has no score: then nothing is judged by it', () => {
    const result = { ...failed(), conditions: { lostShare: 0.9 } };
    expect(contentionOf(createJournal().baseline(scored(2)).history(), 0, result)).toBeUndefined();
  });
});

describe('repeats', () => {
  const contended: RunResult = {
    ...under({ lostShare: 0.5 }),
    contention: { reason: 'busy', isRepeated: true },
  };
  const judged: RunResult = { ...contended, contention: { reason: 'busy', isRepeated: false } };

  it('end after the third: the run is judged all the same', () => {
    const next = (...before: RunResult[]) =>
      contentionOf(unjudged(...before), 0, under({ lostShare: 0.5 }))?.isRepeated;
    expect(next(contended, contended)).toBe(true);
    expect(next(contended, contended, contended)).toBe(false);
    expect(next(contended, failed('lost'), contended, contended)).toBe(false);
  });

  it('are counted from 0 for the next run, for which a busy machine is now usual', () => {
    const busy = unjudged(contended, contended, contended, judged);
    expect(contentionOf(busy, 0, under({ lostShare: 0.52 }))).toBeUndefined();
    expect(contentionOf(busy, 0, under({ lostShare: 0.9 }))).toMatchObject({ isRepeated: true });
  });
});
