/**
 * The progress figure as data: every attempt, and the staircase of what the study claims.
 *
 * What is claimed of an incumbent is the worst that it or any incumbent after it measured, and nothing where that is no
 * better than the baseline: a lucky score that its successors did not hold is not claimed. So the staircase never turns
 * back, each gain stands where it was made, and it ends at the last incumbent's score. With several slots a later incumbent may have
 * the lower number: what is claimed of both then stands there.
 */

import { type Goal, isBetter } from '../../base/metric.ts';
import { type ExperimentStatus, statusOf } from '../../journal/experiment-row.ts';
import { countedRuns, type ExperimentRecord, type History, keptInOrder, valuesOf } from '../../journal/history.ts';
import { halfWidths } from '../../journal/interval.ts';
import type { Noise } from '../../journal/noise.ts';
import { mean } from '../../statistics/moments.ts';

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

/** A step of the staircase: from this experiment on, every incumbent measured at least this well. */
export interface Step {
  readonly experiment: number;
  readonly value: number;
}

export interface Progress {
  readonly tag: string;
  readonly metric: string;
  readonly goal: Goal;
  /** Decimals of scores. */
  readonly decimals: number;
  readonly attempts: readonly Attempt[];
  readonly steps: readonly Step[];
}

/**
 * The figure's data; of an imported ledger, whose one run each nothing confirms or corrects, the steps are the best keeps so
 * far.
 */
export function progressOf(
  history: History,
  noise: Noise | undefined,
  decimals: number,
  origin: 'study' | 'ledger' = 'study',
): Progress {
  const widthOf = noise && halfWidths(noise);
  const attempts = history.experiments.map((record) => attemptOf(record, widthOf));
  const { name, goal } = history.frozen.metric;
  const steps = origin === 'study' ? stepsOf(history, attempts) : bestSoFar(history, attempts);
  return { tag: history.tag, metric: name, goal, decimals, attempts, steps };
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

function keptScores(history: History, attempts: readonly Attempt[]): Step[] {
  return keptInOrder(history).flatMap(({ experiment }) => {
    const value = attempts[experiment]?.mean ?? null;
    return value === null ? [] : [{ experiment, value }];
  });
}

function bestSoFar(history: History, attempts: readonly Attempt[]): Step[] {
  const steps: Step[] = [];
  for (const step of keptScores(history, attempts)) {
    const best = steps.at(-1);
    if (!best || isBetter(history.frozen.metric.goal, step.value, best.value)) steps.push(step);
  }
  return steps;
}

function stepsOf(history: History, attempts: readonly Attempt[]): Step[] {
  const { frozen } = history;
  const [baseline, ...later] = keptScores(history, attempts);
  if (!baseline) return [];
  const { goal } = frozen.metric;
  const steps: Step[] = [];
  let worst: number | undefined;
  for (const { experiment, value } of later.reverse()) {
    if (worst === undefined || isBetter(goal, worst, value)) worst = value;
    if (!isBetter(goal, worst, baseline.value)) break;
    // What is claimed of both is the same: the step stands at the earlier one.
    if (steps.at(-1)?.value === worst) steps.pop();
    // A later incumbent with a lower number claims at least as much from there on.
    if (steps.some((step) => step.experiment < experiment)) continue;
    steps.push({ experiment, value: worst });
  }
  return [baseline, ...steps.reverse()];
}
