import { describe, expect, it } from 'vitest';
import type { BudgetClock } from '../../../src/core/base/names.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { budgetAllowance } from '../../../src/core/run/budget-allowance.ts';
import { overrunOf } from '../../../src/core/run/overrun.ts';
import { createJournal, frozen, scored } from '../../helpers/journal.ts';

interface Told {
  readonly first?: number;
  readonly last?: number;
  readonly speed?: number;
  readonly workMicros?: number;
}

/** A training of these seconds, whose first and last line of progress came then. */
function trained(trainSeconds: number, { first, last, speed, workMicros }: Told): RunResult {
  const run = scored(2, { metrics: speed === undefined ? {} : { reference_speed: speed } });
  const progressSeconds = first === undefined || last === undefined ? undefined : { first, last };
  return { ...run, trainSeconds, progressSeconds, conditions: workMicros === undefined ? {} : { workMicros } };
}

function overrun(clock: BudgetClock, budgetSeconds: number, baseline: RunResult, candidate: RunResult) {
  const history = createJournal({ frozen: { ...frozen, budgetSeconds, budgetClock: clock } })
    .baseline(baseline, baseline)
    .history();
  const { trainSeconds: seconds = 0, progressSeconds, conditions, measurement } = candidate;
  const { metrics = {} } = measurement ?? {};
  return overrunOf({ seconds, progressSeconds, conditions, metrics }, budgetAllowance(history))?.reason;
}

describe('eight seconds of CPU time, on a machine whose speed is known', () => {
  const baseline = trained(8.4, { first: 0.35, last: 8.3, speed: 1, workMicros: 200 });
  const judged = (seconds: number, told: Told) =>
    overrun('cpu', 8, baseline, trained(seconds, { speed: 1, workMicros: 200, ...told }));

  it.each([
    ['as long as the baseline', 8.4, { first: 0.35, last: 8.3 }],
    ['with twice the start and a longer end', 9.2, { first: 0.7, last: 8.7 }],
    [
      'on a machine that is slower, as the supervisor finds too',
      11.9,
      { first: 0.5, last: 11.8, speed: 0.68, workMicros: 270 },
    ],
    ['on a machine that is slower by more than the supervisor sees', 9.6, { first: 0.5, last: 9.5, speed: 0.85 }],
  ])('a training may be %s', (_, seconds, told) => {
    expect(judged(seconds, told)).toBeUndefined();
  });

  it.each([
    ['for 1.3 times its budget', 10.8, { first: 0.35, last: 10.7 }],
    ['before its first line of progress', 10.8, { first: 2.8, last: 10.7 }],
    ['after its last line of progress', 10.8, { first: 0.35, last: 8.3 }],
    ['without a line of progress', 10.8, {}],
    ['with one line of progress at its end', 10.8, { first: 10.7, last: 10.7 }],
    ['with one line of progress at its beginning', 10.8, { first: 0.35, last: 0.35 }],
    ['on a machine that it alone finds slow', 10.8, { first: 0.35, last: 10.7, speed: 0.5 }],
  ])('it may not train on %s', (_, seconds, told) => {
    expect(judged(seconds, told)).toMatch(/^trained beyond its budget: .* of CPU time.*, at most .* are allowed$/);
  });

  it('of a study without the measured speed the reported one counts, as before', () => {
    const old = trained(8.4, { first: 0.35, last: 8.3, speed: 1 });
    expect(overrun('cpu', 8, old, trained(10.8, { first: 0.35, last: 10.7, speed: 0.7 }))).toBeUndefined();
  });
});

describe('one second of CPU time', () => {
  const steps = (count: number, seconds: number) => {
    const run = trained(seconds + 0.2, { first: 0.1, last: seconds + 0.1 });
    return {
      ...run,
      measurement: { value: 2, resolution: 0.1, vouched: 'scored' as const, metrics: { num_steps: count } },
    };
  };
  const judged = (candidate: RunResult) => overrun('cpu', 1, steps(3000, 0.98), candidate);

  it('the last step may begin just before the time is over', () => {
    expect(judged(steps(7, 1.18))).toBeUndefined();
    expect(judged(steps(3000, 1.12))).toBeUndefined();
  });

  it('a training of short steps gets no long one at its end', () => {
    expect(judged(steps(3000, 1.28))).toMatch(/^trained beyond its budget: /);
  });
});

describe('five minutes of wall time, with a minute of compilation before and of evaluation after them', () => {
  const baseline = trained(420, { first: 60, last: 361 });
  const judged = (seconds: number, told: Told) => overrun('wall', 300, baseline, trained(seconds, told));

  it.each([
    ['that compiles for longer', 490, { first: 130, last: 431 }],
    ['whose larger model takes longer to grade', 480, { first: 60, last: 361 }],
    ['that prints no progress any more', 440, {}],
  ])('a training is allowed %s', (_, seconds, told) => {
    expect(judged(seconds, told)).toBeUndefined();
  });

  it.each([
    ['for 1.3 times its budget', 510, { first: 60, last: 451 }],
    ['before its first line', 515, { first: 155, last: 515 }],
    ['after its last line', 545, { first: 60, last: 340 }],
    ['without a line', 540, {}],
  ])('it may not train on %s', (_, seconds, told) => {
    expect(judged(seconds, told)).toMatch(/^trained beyond its budget: /);
  });
});

it('where the baseline prints no progress, the whole training counts as before', () => {
  expect(overrun('wall', 300, trained(310, {}), trained(370, { first: 0, last: 370 }))).toBeUndefined();
  expect(overrun('wall', 300, trained(310, {}), trained(390, {}))).toMatch(/^trained beyond its budget: /);
});
