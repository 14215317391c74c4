import { describe, expect, it } from 'vitest';
import { nextGaugeStep } from '../../../src/core/confirm/next-gauge-step.ts';
import { readGauge } from '../../../src/core/confirm/read-gauge.ts';
import { studentQuantile } from '../../../src/core/statistics/student-t.ts';
import { createJournal, failed, type Journal, scored } from '../../helpers/journal.ts';

const frozen = {
  metric: { name: 'val_bpb', goal: 'minimize' as const },
  sandbox: '.',
  edit: ['train.py'],
  include: [],
  train: ['python', 'train.py'],
  score: ['python', 'score.py'],
  budgetSeconds: 5,
  budgetClock: 'wall' as const,
};

/** A study with a scorer, a baseline of three runs around 3 and one keep at 2.8. */
function keptOnce(): Journal {
  return createJournal({ frozen }).baseline(scored(3), scored(3.02), scored(2.98)).experiment(scored(2.8), 'keep');
}

function grade(journal: Journal, experiment: number, run: number, value: number): void {
  journal.add({ event: 'holdout-scored', experiment, run, result: scored(value) });
}

/** The baseline's weights graded: 0.1 worse on the holdout, give or take 0.01. */
function gradeBaseline(journal: Journal): void {
  grade(journal, 0, 1, 3.1);
  grade(journal, 0, 2, 3.13);
  grade(journal, 0, 3, 3.07);
}

describe('the overfitting gauge', () => {
  it('warns when the holdout does not see the gain', () => {
    const journal = keptOnce();
    gradeBaseline(journal);
    grade(journal, 1, 1, 3.08);
    const reading = readGauge(journal.whole());
    expect(reading.sigma).toBeCloseTo(0.01, 10);
    expect(reading.degreesOfFreedom).toBe(2);
    const [row] = reading.rows;
    expect(row?.validationGain).toBeCloseTo(0.2, 10);
    expect(row?.holdoutGain).toBeCloseTo(0.02, 10);
    expect(row?.limit).toBeCloseTo(studentQuantile(0.977249868, 2) * 0.01 * Math.sqrt(1 + 1 / 3), 8);
    expect(row?.isParted).toBe(true);
    expect(reading.warning).toBe(
      'Overfitting: experiment 1 gains 0.2000 on validation and 0.0200 on the holdout, which part by 0.1800 where two standard errors are 0.0523',
    );
  });

  it('is silent when the holdout sees the gain, or more than it', () => {
    for (const holdout of [2.9, 2.7]) {
      const journal = keptOnce();
      gradeBaseline(journal);
      grade(journal, 1, 1, holdout);
      expect(readGauge(journal.whole())).not.toHaveProperty('warning');
    }
  });

  it('has a limit that every graded run of the experiment makes narrower', () => {
    const journal = keptOnce();
    journal.add({ event: 'run-started', experiment: 1, run: 2, seed: 2 });
    journal.add({ event: 'run-ended', experiment: 1, run: 2, result: scored(2.82) });
    gradeBaseline(journal);
    grade(journal, 1, 1, 2.9);
    grade(journal, 1, 2, 2.92);
    const [row] = readGauge(journal.whole()).rows;
    expect(row?.runs).toBe(2);
    const sigma = Math.sqrt((2 * 0.01 ** 2) / 3);
    expect(row?.limit).toBeCloseTo(studentQuantile(0.977249868, 3) * sigma * Math.sqrt(1 / 2 + 1 / 3), 8);
  });

  it('gives no figures for weights that are gone', () => {
    const journal = keptOnce();
    gradeBaseline(journal);
    journal.add({ event: 'holdout-scored', experiment: 1, run: 1, result: failed('lost', 'the weights are gone') });
    expect(readGauge(journal.whole()).rows).toEqual([{ experiment: 1, runs: 0, isParted: false }]);
    expect(nextGaugeStep(journal.whole())).toEqual({ kind: 'read-gauge' });
  });

  it('notices a scorer that ignores which split it is asked for', () => {
    const journal = keptOnce();
    for (const [experiment, run, value] of [
      [0, 1, 3],
      [0, 2, 3.02],
      [0, 3, 2.98],
      [1, 1, 2.8],
    ] as const) {
      grade(journal, experiment, run, value);
    }
    expect(readGauge(journal.whole())).toMatchObject({ isSplitIgnored: true });
  });

  it('grades each kept run once, reads, and is then done until there is another keep', () => {
    const journal = keptOnce();
    const steps: string[] = [];
    for (let step = nextGaugeStep(journal.whole()); step.kind !== 'done'; step = nextGaugeStep(journal.whole())) {
      steps.push(step.kind === 'score-holdout' ? `${step.experiment}/${step.run.run}` : step.kind);
      if (step.kind === 'score-holdout') grade(journal, step.experiment, step.run.run, 3);
      else journal.add({ event: 'gauge-read', reading: readGauge(journal.whole()) });
    }
    expect(steps).toEqual(['0/1', '0/2', '0/3', '1/1', 'read-gauge']);
    journal.experiment(scored(2.9), 'revert');
    expect(nextGaugeStep(journal.whole()).kind).toBe('done');
    journal.experiment(scored(2.7), 'keep');
    expect(nextGaugeStep(journal.whole())).toMatchObject({ kind: 'score-holdout', experiment: 3 });
  });

  it('has nothing to do without a scorer or without a keep', () => {
    const unscored = createJournal().baseline(scored(3)).experiment(scored(2), 'keep');
    expect(nextGaugeStep(unscored.whole()).kind).toBe('done');
    expect(nextGaugeStep(createJournal({ frozen }).baseline(scored(3)).whole()).kind).toBe('done');
  });
});
