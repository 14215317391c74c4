/**
 * The overfitting gauge: does the holdout see the gain that the study selected on?
 *
 * Each run's saved weights are graded on both splits. A kept experiment is compared with the baseline, and with the
 * experiment that it was made from, since a step that fits the validation data may hide behind honest ones. `compareSplits`
 * says by how much the gains may differ by chance; the 2.3 % of a normal beyond two standard errors are shared out among the
 * comparisons that may warn: the incumbent's with the baseline, and every step's. Only a holdout gain that falls short is
 * overfitting; one above the validation gain raises no warning.
 */
import { type Goal, gainOver } from '../base/metric.ts';
import type { GaugeReading, GaugeRow } from '../journal/gauge-reading.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import { type ExperimentRecord, keptInOrder } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { sumOfSquares } from '../statistics/moments.ts';
import { compareSplits, type Grades, haveParts, type SplitNoise } from './compare-splits.ts';
import { gaugeWarning } from './gauge-warning.ts';
import { measuredRuns } from './next-gauge-step.ts';

/** P(Z > 2) of a normal Z. */
const beyondTwoSigma = 0.022_750_132;

/** What the gauge says of every kept experiment. */
export function readGauge({ history, heldOut }: WholeHistory): GaugeReading {
  const { goal } = history.frozen.metric;
  const [baseline, ...kept] = keptInOrder(history).map((record) =>
    gradedRuns(goal, record, heldOut.scores.get(record.experiment)),
  );
  const candidates = [...(baseline ? [baseline] : []), ...kept];
  const all = candidates.flatMap(({ runs }) => runs);
  const isSplitIgnored = all.length > 0 && all.every((run) => run.validation.value === run.holdout.value);
  const noise = pooledDifference(candidates, all);
  const level = 1 - beyondTwoSigma / comparisons(kept, history.incumbent);
  const rows = kept.map((graded) => rowOf(goal, graded, candidates, noise, level));
  const reading = { rows, ...noise, isTextKnown: all.length > 0 && haveParts(all), isSplitIgnored };
  const warning = isSplitIgnored ? undefined : gaugeWarning(reading, history.incumbent);
  return warning === undefined ? reading : { ...reading, warning };
}

/** The gauge by the rules of today, once it was read: an earlier version warned where the texts alone differed. */
export function gaugeOf(whole: WholeHistory): GaugeReading | undefined {
  return whole.heldOut.gauge && readGauge(whole);
}

interface Graded {
  readonly experiment: number;
  readonly parent: number;
  readonly runs: readonly Grades[];
}

function gradedRuns(goal: Goal, record: ExperimentRecord, scores: ReadonlyMap<number, RunResult> | undefined): Graded {
  const runs = measuredRuns(record).flatMap(({ run, result }) => {
    const validation = result?.measurement;
    const holdout = scores?.get(run)?.measurement;
    if (!validation || !holdout) return [];
    const difference = gainOver(goal, validation.value, holdout.value);
    return [{ validation, holdout, difference, resolution: holdout.resolution }];
  });
  return { experiment: record.experiment, parent: record.parent ?? 0, runs };
}

/** How many comparisons may warn: each step, and the incumbent against the baseline where that is another one. */
function comparisons(kept: readonly Graded[], incumbent: number): number {
  const isIncumbentApart = kept.some(({ experiment, parent }) => experiment === incumbent && parent !== 0);
  return Math.max(1, kept.length + (isIncumbentApart ? 1 : 0));
}

function pooledDifference(candidates: readonly Graded[], all: readonly Grades[]): SplitNoise {
  const repeated = candidates.filter(({ runs }) => runs.length > 1);
  const degreesOfFreedom = repeated.reduce((sum, { runs }) => sum + runs.length - 1, 0);
  if (degreesOfFreedom === 0) return { degreesOfFreedom };
  const squares = repeated.reduce((sum, { runs }) => sum + sumOfSquares(runs.map((run) => run.difference)), 0);
  const resolution = Math.min(...all.map((run) => run.resolution));
  return { sigma: Math.max(Math.sqrt(squares / degreesOfFreedom), resolution), degreesOfFreedom };
}

function rowOf(
  goal: Goal,
  { experiment, parent, runs }: Graded,
  candidates: readonly Graded[],
  noise: SplitNoise,
  level: number,
): GaugeRow {
  const against = (other: number) => {
    const before = candidates.find((each) => each.experiment === other)?.runs ?? [];
    return before.length === 0 || runs.length === 0
      ? undefined
      : compareSplits(goal, { before, after: runs }, noise, level);
  };
  const row = { experiment, runs: runs.length, isParted: false, ...against(0) };
  const step = parent === 0 ? undefined : against(parent);
  return step ? { ...row, step: { parent, ...step } } : row;
}
