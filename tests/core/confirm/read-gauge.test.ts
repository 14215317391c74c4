import { describe, expect, it } from 'vitest';
import { nextGaugeStep } from '../../../src/core/confirm/next-gauge-step.ts';
import { gaugeOf, readGauge } from '../../../src/core/confirm/read-gauge.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
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
      'Overfitting: experiment 1 gains 0.200 on validation and 0.020 on the holdout, 0.180 less, where the seeds explain at most 0.052. Look at nocturne show 1, measure each step on the holdout with nocturne confirm --ablate, and go on without those that gain nothing there (nocturne run --from COMMIT)',
    );
  });

  it('is silent when the holdout sees the gain, or more than it, or most of it where nothing tells how texts differ', () => {
    for (const holdout of [2.9, 2.7, 2.95]) {
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

/** Scores on sixteen parts around this mean, which differ from text to text by a pattern of the given height. */
function partsAround(mean: number, height: number): number[] {
  return Array.from({ length: 16 }, (_, index) => mean + height * (index % 2 === 0 ? 1 : -1));
}

/** A result whose scorer graded parts too. */
function inParts(mean: number, height: number): RunResult {
  const { measurement, ...result } = scored(mean);
  return { ...result, ...(measurement && { measurement: { ...measurement, parts: partsAround(mean, height) } }) };
}

/**
 * A baseline of two runs at 3 and one keep, each graded on parts: `spread` is how far the gain of a part is from the mean.
 */
function keptInParts(validation: number, holdout: number, spread: number): Journal {
  const journal = createJournal({ frozen }).baseline(inParts(3, 0.2), inParts(3.002, 0.2));
  journal.experiment(inParts(validation, 0.2 + spread), 'keep');
  gradeInParts(journal, 0, 1, 3.1, 0.2);
  gradeInParts(journal, 0, 2, 3.102, 0.2);
  gradeInParts(journal, 1, 1, holdout, 0.2 + spread);
  return journal;
}

function gradeInParts(journal: Journal, experiment: number, run: number, mean: number, height: number): void {
  journal.add({ event: 'holdout-scored', experiment, run, result: inParts(mean, height) });
}

describe('where the scorer grades parts of its texts', () => {
  it('the limit knows how far two texts differ: a loss within it raises no warning', () => {
    // The gain of 0.4 is 0.2 or 0.6 on a part, so the gains of two texts of sixteen parts differ by up to 0.16.
    const reading = readGauge(keptInParts(2.6, 2.8, 0.2).whole());
    const [row] = reading.rows;
    expect(reading.isTextKnown).toBe(true);
    expect(row?.validationGain).toBeCloseTo(0.401, 10);
    expect(row?.holdoutGain).toBeCloseTo(0.301, 10);
    const textError = Math.sqrt((2 * (0.2 ** 2 * 16)) / 15 / 16);
    expect(row?.limit).toBeGreaterThan(2 * textError);
    expect(row?.limit).toBeLessThan(2.3 * textError);
    expect(reading).not.toHaveProperty('warning');
  });

  it('the same loss is warned of where the gain is alike in all parts', () => {
    const reading = readGauge(keptInParts(2.6, 2.8, 0.01).whole());
    expect(reading.rows[0]?.isParted).toBe(true);
    expect(reading.warning).toContain('0.1000 less, where two such texts and the seeds explain at most');
  });

  it('a loss of less than a fifth is none to act on, however sure it is', () => {
    const reading = readGauge(keptInParts(2.6, 2.77, 0.001).whole());
    const { validationGain = 0, holdoutGain = 0, limit = 1 } = reading.rows[0] ?? {};
    expect(validationGain - holdoutGain).toBeGreaterThan(limit);
    expect(reading).not.toHaveProperty('warning');
  });

  it('a step that fits the validation text is found behind an honest one', () => {
    const journal = keptInParts(2.2, 2.32, 0.01).experiment(inParts(2.1, 0.21), 'keep');
    gradeInParts(journal, 2, 1, 2.32, 0.21);
    const reading = readGauge(journal.whole());
    expect(reading.rows.map(({ isParted, step }) => [isParted, step?.isParted])).toEqual([
      [false, undefined],
      [false, true],
    ]);
    expect(reading.warning).toMatch(
      /^Overfitting: experiment 2 over experiment 1 gains 0\.1000 on validation and 0\.0000 on/,
    );
    expect(reading.warning).toContain('nocturne show 2');
  });

  it('the step that loses most is named where the whole gain has parted', () => {
    const journal = keptInParts(2.8, 2.9, 0.01).experiment(inParts(2.5, 0.21), 'keep');
    gradeInParts(journal, 2, 1, 2.9, 0.21);
    const { rows, warning } = readGauge(journal.whole());
    expect(rows.map(({ isParted, step }) => [isParted, step?.isParted])).toEqual([
      [false, undefined],
      [true, true],
    ]);
    expect(warning).toMatch(
      /^Overfitting: experiment 2 gains 0\.5010 on validation and 0\.2010 on the holdout, 0\.3000 less/,
    );
  });

  it('an honest last step does not hide the one before it, which is named', () => {
    const journal = keptInParts(2.9, 3.08, 0.01).experiment(inParts(2.3, 0.21), 'keep');
    gradeInParts(journal, 2, 1, 2.48, 0.21);
    const reading = readGauge(journal.whole());
    expect(reading.rows[1]?.isParted).toBe(false);
    expect(reading.warning).toMatch(
      /^Overfitting: experiment 1 gains 0\.1010 on validation and 0\.0210 on the holdout/,
    );
  });

  it('parts that one run lacks are as none', () => {
    const journal = keptInParts(2.6, 2.8, 0.2);
    journal.add({ event: 'holdout-scored', experiment: 1, run: 1, result: scored(2.8) });
    expect(readGauge(journal.whole()).isTextKnown).toBe(false);
  });

  it('nothing was repeated, and yet the parts give a limit', () => {
    const journal = createJournal({ frozen }).baseline(inParts(3, 0.2)).experiment(inParts(2.6, 0.21), 'keep');
    gradeInParts(journal, 0, 1, 3.1, 0.2);
    gradeInParts(journal, 1, 1, 3.05, 0.21);
    const reading = readGauge(journal.whole());
    expect(reading.sigma).toBeUndefined();
    expect(reading.warning).toMatch(/^Overfitting/);
  });
});

describe('a journal whose gauge was read by an earlier version', () => {
  it('is read by the rules of today', () => {
    const journal = keptOnce();
    gradeBaseline(journal);
    grade(journal, 1, 1, 2.94);
    const warning = 'Overfitting: experiment 1 gains 0.2000 on validation and 0.1600 on the holdout';
    const rows = [{ experiment: 1, runs: 1, validationGain: 0.2, holdoutGain: 0.16, limit: 0.0523, isParted: true }];
    expect(gaugeOf(journal.whole())).toBeUndefined();
    journal.add({ event: 'gauge-read', reading: { rows, degreesOfFreedom: 2, isSplitIgnored: false, warning } });
    expect(gaugeOf(journal.whole())).not.toHaveProperty('warning');
    expect(gaugeOf(journal.whole())?.rows[0]).toMatchObject({ isParted: false });
  });
});
