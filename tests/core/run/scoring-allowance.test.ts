import { describe, expect, it } from 'vitest';
import type { BudgetClock } from '../../../src/core/base/names.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { concludeRun, type Ending } from '../../../src/core/run/conclude-run.ts';
import {
  answersPattern,
  scoringAllowance,
  scoringOf,
  scoringOverrunOf,
} from '../../../src/core/run/scoring-allowance.ts';
import { createJournal, frozen, scored } from '../../helpers/journal.ts';

const moment = (seconds: number) => ({ seconds: seconds / 2, cpuSeconds: seconds });
/** A scorer's stage of 72 answers, of which two had come at the first moment. */
const stage = (first: number, last: number) => ({
  cpuSeconds: last + 0.1,
  progress: { first: moment(first), last: moment(last) },
});
const log = '\n[2 answers]\nmodel: hello\n\n[72 answers]\n---\nval_bpb: 2.5\n';

function judged(
  clock: BudgetClock,
  baseline: ReturnType<typeof stage>,
  candidate: ReturnType<typeof stage>,
  { speed = 1, trainingStart = 0.2 } = {},
) {
  const run: RunResult = {
    ...scored(2),
    cpuSeconds: 8.3 + baseline.cpuSeconds,
    progressSeconds: { first: 0.2, last: 8.2 },
    ...scoringOf(baseline, log, clock),
  };
  const history = createJournal({ frozen: { ...frozen, budgetSeconds: 8, budgetClock: clock } })
    .baseline(run, run)
    .history();
  const { scoring } = scoringOf(candidate, log, clock);
  return scoring && scoringOverrunOf(scoring, scoringAllowance(history), { clock, speed, trainingStart });
}

describe('eight seconds of CPU time, and a baseline that loads in 0.4 s and answers 72 times in 0.4 s', () => {
  const baseline = stage(0.41, 0.8);
  const of = (first: number, last: number) => judged('cpu', baseline, stage(first, last));

  it.each([
    ['as slow as the baseline', 0.41, 0.8],
    ['half as slow again to load', 0.61, 1],
    ['ten times as slow at each answer', 0.5, 4.5],
    ['twenty times as slow at each answer and slower to load', 0.9, 14],
  ])('a model may be %s', (_, first, last) => {
    expect(of(first, last)).toBeUndefined();
  });

  it('on a slower machine a start may take longer', () => {
    expect(judged('cpu', baseline, stage(1.4, 1.8))).toMatch(/^its model computed while it was graded/);
    expect(judged('cpu', baseline, stage(1.4, 1.8), { speed: 0.6 })).toBeUndefined();
  });

  it('what the training loaded first is loaded by both processes of the model', () => {
    const slow = stage(0.4 + 2.4, 3.2);
    expect(judged('cpu', baseline, slow)).toMatch(/^its model computed while it was graded/);
    expect(judged('cpu', baseline, slow, { trainingStart: 0.2 + 1.2 })).toBeUndefined();
    expect(judged('cpu', baseline, slow, { trainingStart: 0.2 + 0.6 })).toMatch(/at most 2\.2 s are allowed/);
  });

  it('a model may not train for half the budget before it answers', () => {
    expect(of(8.4, 8.8)).toBe(
      "its model computed while it was graded, before it answered: 8.4 s of CPU time, at most 1.0 s are allowed beside the training's budget",
    );
  });

  it('a model may not make all its answers as slow as the first, to hide what it learns there', () => {
    expect(of(1, 36)).toMatch(
      /^its model computed too long while it was graded: 36\.1 s of CPU time, at most 27\.0 s are/,
    );
  });
});

it('on a wall clock a model may take half a minute more than the baseline, as a training may at its start', () => {
  const baseline = stage(8, 10);
  expect(judged('wall', baseline, stage(60, 64))).toBeUndefined();
  expect(judged('wall', baseline, stage(120, 124))).toMatch(/before it answered: 59\.9 s, at most 36\.0 s /);
});

it('nothing is asked of a scorer that does not say how many answers it had, nor of a study whose baseline did not', () => {
  expect(scoringOf(stage(4, 8), '---\nval_bpb: 2\n', 'cpu')).toEqual({ scoring: { cpuSeconds: 8.1 } });
  expect(scoringOf({ cpuSeconds: 8 }, log, 'cpu')).toEqual({ scoring: { cpuSeconds: 8 } });
  expect(scoringAllowance(createJournal().baseline(scored(2)).history())).toEqual({});
});

it('a model that prints until the first line is out of the log gains nothing', () => {
  const { scoring: whole } = scoringOf(stage(4, 8), log, 'cpu');
  const { scoring: cut } = scoringOf(stage(4, 8), 'model: [2 answers]\n[72 answers]\n', 'cpu');
  expect(cut).toEqual(whole);
});

it('a line that a model prints is not taken for one of the scorer', () => {
  const pattern = new RegExp(answersPattern);
  expect(pattern.test('\n[2 answers]\n')).toBe(true);
  expect(pattern.test('\nmodel: [2 answers]\n')).toBe(false);
});

it('a run whose model computed too long before it answered has no score', () => {
  const train = { name: 'train' as const, exitCode: 0, signal: null, seconds: 9, cpuSeconds: 8 };
  const stages = [train, { name: 'score' as const, exitCode: 0, signal: null, seconds: 9, ...stage(8, 9) }];
  const ending: Ending = { kind: 'ended', ending: 'exited', stages, seconds: 18 };
  const left = { trainLog: '', scoreLog: log, metricsJson: undefined, changed: undefined };
  const scoring = { startSeconds: 1.2, cpuSeconds: 25 };
  const result = concludeRun(ending, left, { name: 'val_bpb', goal: 'minimize' }, { clock: 'cpu', scoring });
  expect(result).toMatchObject({ outcome: 'timed-out', scoring: { cpuSeconds: 9.1 } });
  expect(result.reason).toMatch(/^its model computed while it was graded/);
  expect(result.measurement).toBeUndefined();
});
