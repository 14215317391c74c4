import { expect, it } from 'vitest';
import type { MachineConditions } from '../../../src/core/journal/conditions.ts';
import { experimentOf } from '../../../src/core/journal/history.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { concludeRun, type EndedStage, type Ending } from '../../../src/core/run/conclude-run.ts';
import { contentionOf } from '../../../src/core/run/contention.ts';
import { lostRuns, mayRunAgain } from '../../../src/core/run/lost-runs.ts';
import { maxDisturbed } from '../../../src/core/run/pause.ts';
import { createJournal, failed, frozen, scored } from '../../helpers/journal.ts';

const disturbances: readonly (readonly [string, MachineConditions])[] = [
  ['stood still for 30.0 s', { pausedSeconds: 30 }],
  ['slept for 2h 00m', { sleptSeconds: 7200 }],
  ['had its clock set by 3h 00m', { clockSetSeconds: 10_800 }],
];
const metric = { name: 'val_bpb', goal: 'minimize' } as const;
const left = { trainLog: 'Traceback', scoreLog: undefined, metricsJson: undefined, changed: undefined };

function ended(ending: 'exited' | 'deadline', exitCode: number, conditions: MachineConditions): Ending {
  const stage: EndedStage = { name: 'train', exitCode, signal: null, seconds: 40, cpuSeconds: 9, conditions };
  return { kind: 'ended', ending, stages: [stage], seconds: 40 };
}

it.each(disturbances)(
  'a run that fails while the machine %s is lost, not the candidate at fault',
  (words, conditions) => {
    for (const ending of [ended('exited', 1, conditions), ended('deadline', 0, conditions)]) {
      const result = concludeRun(ending, left, metric, { clock: 'wall', maxSeconds: 20 });
      expect(result.outcome).toBe('lost');
      expect(result.reason).toContain(`the machine ${words} meanwhile`);
    }
    const stalled: Ending = {
      kind: 'ended',
      ending: 'cancelled',
      stages: [],
      seconds: 40,
      kill: { outcome: 'stalled', reason: 'no output' },
    };
    expect(concludeRun(stalled, left, metric, { clock: 'wall' }).outcome).toBe('stalled');
  },
);

it('the time for which it stood still is none of the training', () => {
  const log = { ...left, trainLog: '---\nval_bpb: 2.0\n' };
  const result = concludeRun(ended('exited', 0, { pausedSeconds: 30 }), log, metric, { clock: 'wall', maxSeconds: 20 });
  expect(result).toMatchObject({ outcome: 'finished', trainSeconds: 10 });
});

it.each(disturbances)(
  'a score of a run on wall time during which it %s is not judged, and the run repeated',
  (words, conditions) => {
    const history = createJournal().baseline(scored(2), scored(2)).history();
    expect(contentionOf(history, 0, { ...scored(1), conditions })).toBeUndefined();
    const open = createJournal().baseline(scored(2), scored(2)).experiment(scored(1.9), 'rerun').history();
    const contention = contentionOf(open, 1, { ...scored(1), conditions });
    expect(contention).toMatchObject({ isRepeated: true, reason: `the machine ${words} meanwhile` });
  },
);

it('a score on CPU time, which stood still too, is judged', () => {
  const journal = createJournal({ frozen: { ...frozen, budgetClock: 'cpu' } }).baseline(scored(2), scored(2));
  const history = journal.experiment(scored(1.9), 'rerun').history();
  expect(contentionOf(history, 1, { ...scored(1), conditions: { pausedSeconds: 30 } })).toBeUndefined();
});

it('lost runs of a machine that stands still again and again are not counted against a candidate, up to a bound', () => {
  const lost: RunResult = { ...failed('lost'), conditions: { pausedSeconds: 30 } };
  const journal = createJournal().baseline(scored(2), scored(2)).experiment(lost, 'rerun');
  const again = (run: number) => {
    journal.add({ event: 'run-started', experiment: 1, run, seed: 1 });
    journal.add({ event: 'run-ended', experiment: 1, run, result: lost });
  };
  for (let run = 2; run < maxDisturbed; run++) again(run);
  const history = journal.history();
  expect(lostRuns(history, experimentOf(history, 1))).toEqual([]);
  expect(mayRunAgain(history, experimentOf(history, 1))).toBe(true);
  again(maxDisturbed);
  expect(mayRunAgain(journal.history(), experimentOf(journal.history(), 1))).toBe(false);
});
