/**
 * The overfitting gauge: does the holdout see the gain that the study selected on?
 *
 * Each run's saved weights are graded on both splits, so a run has one difference d: how much better it looks on the
 * holdout than on validation. What the training's own luck does to both cancels in it. For a kept experiment with n runs
 * against a baseline with m, validation gain minus holdout gain is mean d (baseline) - mean d (kept), and its standard
 * error is sigma sqrt(1/n + 1/m), with sigma the standard deviation of d pooled within candidates, never below what the
 * printed number can show. The gains part when the first exceeds the second by more than two standard errors; while
 * sigma rests on few degrees of freedom, two becomes the quantile of Student's t with the same chance of a false alarm,
 * 2.3 %. Only that side is overfitting: a holdout gain above the validation gain is shown and raises no warning.
 */
import { countText, formatMetric } from '../base/format.ts';
import { type Goal, gainOver } from '../base/metric.ts';
import type { GaugeReading, GaugeRow } from '../journal/gauge-reading.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { mean } from '../statistics/moments.ts';
import { studentQuantile } from '../statistics/student-t.ts';
import { acceptedRecords, measuredRuns } from './next-gauge-step.ts';

/** P(Z <= 2) of a normal Z. */
const twoSigma = 0.977_249_868;

/** What the gauge says of every kept experiment. */
export function readGauge({ history, heldOut }: WholeHistory): GaugeReading {
  const { goal } = history.frozen.metric;
  const [baseline, ...kept] = acceptedRecords(history).map((record) =>
    gradedRuns(goal, record, heldOut.scores.get(record.experiment)),
  );
  const all = [...(baseline?.runs ?? []), ...kept.flatMap(({ runs }) => runs)];
  const isSplitIgnored = all.length > 0 && all.every((run) => run.validation === run.holdout);
  const noise = pooledDifference([...(baseline ? [baseline] : []), ...kept], all);
  const rows = kept.map((graded) => rowOf(goal, graded, baseline, noise));
  const parted = rows.filter((row) => row.isParted);
  const reading = { rows, ...noise, isSplitIgnored };
  if (isSplitIgnored || parted.length === 0) return reading;
  return { ...reading, warning: warningOf(history, parted) };
}

/** One run's weights, graded twice. */
interface Grades {
  readonly validation: number;
  readonly holdout: number;
  /** How much better it looks on the holdout. */
  readonly difference: number;
  readonly resolution: number;
}

interface Graded {
  readonly experiment: number;
  readonly runs: readonly Grades[];
}

function gradedRuns(goal: Goal, record: ExperimentRecord, scores: ReadonlyMap<number, RunResult> | undefined): Graded {
  const runs = measuredRuns(record).flatMap(({ run, result }) => {
    const validation = result?.measurement;
    const holdout = scores?.get(run)?.measurement;
    if (!validation || !holdout) return [];
    const difference = gainOver(goal, validation.value, holdout.value);
    return [{ validation: validation.value, holdout: holdout.value, difference, resolution: holdout.resolution }];
  });
  return { experiment: record.experiment, runs };
}

type Noise = Pick<GaugeReading, 'sigma' | 'degreesOfFreedom'>;

function pooledDifference(candidates: readonly Graded[], all: readonly Grades[]): Noise {
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const { runs } of candidates) {
    if (runs.length < 2) continue;
    const centre = mean(runs.map((run) => run.difference));
    squares += runs.reduce((sum, run) => sum + (run.difference - centre) ** 2, 0);
    degreesOfFreedom += runs.length - 1;
  }
  if (degreesOfFreedom === 0) return { degreesOfFreedom };
  const resolution = Math.min(...all.map((run) => run.resolution));
  return { sigma: Math.max(Math.sqrt(squares / degreesOfFreedom), resolution), degreesOfFreedom };
}

function rowOf(goal: Goal, graded: Graded, baseline: Graded | undefined, noise: Noise): GaugeRow {
  const { experiment, runs } = graded;
  const row = { experiment, runs: runs.length, isParted: false };
  if (!baseline || baseline.runs.length === 0 || runs.length === 0) return row;
  const gainIn = (split: 'validation' | 'holdout') => gainOver(goal, meanOf(baseline, split), meanOf(graded, split));
  const gains = { validationGain: gainIn('validation'), holdoutGain: gainIn('holdout') };
  if (noise.sigma === undefined) return { ...row, ...gains };
  const standardError = noise.sigma * Math.sqrt(1 / runs.length + 1 / baseline.runs.length);
  const limit = studentQuantile(twoSigma, noise.degreesOfFreedom) * standardError;
  return { ...row, ...gains, limit, isParted: gains.validationGain - gains.holdoutGain > limit };
}

function meanOf({ runs }: Graded, split: 'validation' | 'holdout'): number {
  return mean(runs.map((run) => run[split]));
}

function warningOf(history: History, parted: readonly GaugeRow[]): string {
  const row = parted.find(({ experiment }) => experiment === history.incumbent) ?? parted.at(-1);
  const others = parted.length - 1;
  const more = others === 0 ? '' : `; so do ${countText(others, 'other kept experiment')}`;
  const [validation = 0, holdout = 0, limit = 0] = [row?.validationGain, row?.holdoutGain, row?.limit];
  return (
    `Overfitting: experiment ${row?.experiment} gains ${formatMetric(validation)} on validation and ` +
    `${formatMetric(holdout)} on the holdout, which part by ${formatMetric(validation - holdout)} where two standard ` +
    `errors are ${formatMetric(limit)}${more}`
  );
}
