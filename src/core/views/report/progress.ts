/**
 * The progress figure as data: every attempt, and the staircase of the best so far.
 */

import type { Goal } from '../../base/metric.ts';
import { type ExperimentStatus, statusOf } from '../../journal/experiment-row.ts';
import { countedRuns, type ExperimentRecord, type History, valuesOf } from '../../journal/history.ts';
import type { Noise } from '../../journal/noise.ts';
import { mean } from '../../statistics/moments.ts';
import { halfWidths } from './interval.ts';

export interface Attempt {
  readonly experiment: number;
  readonly title: string;
  readonly status: ExperimentStatus;
  /** Mean of the counted runs; null when nothing was measured. */
  readonly mean: number | null;
  /** Half the 95 % interval of that mean; null while nothing was repeated. */
  readonly error: number | null;
  readonly runs: number;
}

/** A step of the staircase: from this experiment on, the best so far has this mean. */
export interface Step {
  readonly experiment: number;
  readonly value: number;
}

export interface Progress {
  readonly tag: string;
  readonly metric: string;
  readonly goal: Goal;
  readonly attempts: readonly Attempt[];
  readonly steps: readonly Step[];
}

/** The figure's data. */
export function progressOf(history: History, noise: Noise | undefined): Progress {
  const widthOf = noise && halfWidths(noise);
  const attempts = history.experiments.map((record) => attemptOf(record, widthOf));
  const { name, goal } = history.frozen.metric;
  return { tag: history.tag, metric: name, goal, attempts, steps: attempts.flatMap(stepOf) };
}

function attemptOf(record: ExperimentRecord, widthOf: ((variance: number) => number) | undefined): Attempt {
  const values = valuesOf(record);
  return {
    experiment: record.experiment,
    title: record.proposal?.title ?? 'baseline',
    status: statusOf(record),
    mean: values.length === 0 ? null : mean(values),
    error: values.length === 0 || !widthOf ? null : widthOf(1 / values.length),
    runs: countedRuns(record).length,
  };
}

function stepOf({ status, experiment, mean: value }: Attempt): Step[] {
  const isStep = value !== null && (status === 'kept' || status === 'baseline');
  return isStep ? [{ experiment, value }] : [];
}
