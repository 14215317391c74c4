import { describe, expect, it } from 'vitest';
import { nextStep } from '../../../src/core/decide/next-step.ts';
import type { RunConditions } from '../../../src/core/journal/conditions.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { suspectDrift } from '../../../src/core/judge/drift.ts';
import { dueRepetition } from '../../../src/core/judge/run-again.ts';
import { contentionOf } from '../../../src/core/run/contention.ts';
import { runAgainSentences } from '../../../src/core/views/conditions.ts';
import { createJournal, failed, type Journal, scored } from '../../helpers/journal.ts';

const under = (conditions: RunConditions, value = 2): RunResult => ({ ...scored(value), conditions });
const contended: RunResult = {
  ...under({ lostShare: 0.5 }),
  contention: { reason: 'others took 50 %', isRepeated: false },
};

/** A baseline under the first conditions, then reverted experiments under the others, one each. */
function study(usual: RunConditions, ...later: readonly RunConditions[]): Journal {
  const journal = createJournal().baseline(under(usual), under(usual), under(usual));
  for (const conditions of later) journal.experiment(under(conditions, 2.1), 'revert');
  return journal;
}

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

describe('drift is suspected', () => {
  it('when a run stayed contended through its repeats', () => {
    const journal = study({ lostShare: 0 }).experiment(contended, 'revert');
    expect(suspectDrift(journal.history())).toBe('run after run is contended: others took 50 %');
  });

  it.each<[string, RunConditions, RunConditions, string]>([
    [
      'the machine has become quiet',
      { lostShare: 0.4 },
      { lostShare: 0.02 },
      'other work took 40 % of the processor time, and takes 2 % now',
    ],
    [
      'the processor is clocked lower',
      { cpuMhz: 3000 },
      { cpuMhz: 2000 },
      'the processor ran at 3000 MHz, and runs at 2000 MHz now',
    ],
    ['the GPU is free again', { gpuOthers: 1 }, { gpuOthers: 0 }, 'the GPU was shared, and is not any more'],
  ])('when %s, three runs in a row', (_, usual, now, reason) => {
    expect(suspectDrift(study(usual, now, now).history())).toBeUndefined();
    expect(suspectDrift(study(usual, now, now, now).history())).toBe(reason);
  });
});

describe('drift is not suspected', () => {
  it('because candidates are slower or score worse than the incumbent', () => {
    const slow = { lostShare: 0, stepsPerSecond: 3 };
    expect(suspectDrift(study({ lostShare: 0, stepsPerSecond: 90 }, slow, slow, slow).history())).toBeUndefined();
  });

  it('from runs before the incumbent was measured, or before the last suspicion', () => {
    const journal = study({ lostShare: 0.4 }, ...times(2, { lostShare: 0 }));
    journal.experiment(under({ lostShare: 0 }, 1.9), 'keep');
    expect(suspectDrift(journal.experiment(under({ lostShare: 0 }), 'revert').history())).toBeUndefined();
    const asked = study({ lostShare: 0.4 }, ...times(3, { lostShare: 0 }));
    asked.add({ event: 'drift-suspected', experiment: 0, run: 4, reason: 'quiet' });
    expect(suspectDrift(asked.history())).toBeUndefined();
  });

  it('where nothing is known of the machine', () => {
    expect(suspectDrift(study({}, ...times(4, {})).history())).toBeUndefined();
  });
});

describe('the incumbent is run again', () => {
  const now = { at: '2024-11-23T23:30:00.000Z' };
  const suspected = () => study({ lostShare: 0.4 }, ...times(3, { lostShare: 0 }));

  it('once, with a fresh seed, before the next proposal', () => {
    const journal = suspected();
    expect(nextStep(journal.history(), now)).toMatchObject({ kind: 'suspect-drift', experiment: 0, run: 4 });
    journal.add({ event: 'drift-suspected', experiment: 0, run: 4, reason: 'quiet' });
    const start = nextStep(journal.history(), now);
    expect(start).toMatchObject({ kind: 'start-run', experiment: 0, run: 4 });
    const seed = start.kind === 'start-run' ? start.seed : 0;
    expect([1, 2, 3]).not.toContain(seed);
    journal.add({ event: 'run-started', experiment: 0, run: 4, seed });
    expect(nextStep(journal.history(), now)).toEqual({ kind: 'await-run', experiment: 0, run: 4, seed });
    journal.add({ event: 'run-ended', experiment: 0, run: 4, result: under({ lostShare: 0.01 }, 1.8) });
    expect(nextStep(journal.history(), now)).toMatchObject({ kind: 'propose', experiment: 4 });
    expect(runAgainSentences(journal.history()).join('\n')).toContain(
      'Drift suspected: quiet. So the baseline was run again: 2.00 before, 1.80 then.',
    );
  });

  it('again when that run was lost, but not for ever', () => {
    const journal = suspected().add({ event: 'drift-suspected', experiment: 0, run: 4, reason: 'quiet' });
    for (const run of [4, 5, 6, 7]) {
      expect(dueRepetition(journal.history())).toBeDefined();
      journal.add({ event: 'run-started', experiment: 0, run, seed: 9 });
      journal.add({ event: 'run-ended', experiment: 0, run, result: failed('lost') });
    }
    expect(dueRepetition(journal.history())).toBeUndefined();
  });

  it('and what the machine is like then is the usual from there on', () => {
    const journal = study({ lostShare: 0 }).experiment(contended, 'revert');
    journal.add({ event: 'drift-suspected', experiment: 0, run: 4, reason: 'busy' });
    journal.add({ event: 'run-started', experiment: 0, run: 4, seed: 9 });
    expect(contentionOf(journal.history(), 0, under({ lostShare: 0.5 }))).toBeUndefined();
    journal.add({ event: 'run-ended', experiment: 0, run: 4, result: under({ lostShare: 0.5 }) });
    expect(contentionOf(journal.history(), 1, under({ lostShare: 0.52 }))).toBeUndefined();
  });
});
