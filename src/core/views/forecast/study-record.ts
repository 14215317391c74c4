/**
 * What a forecast goes by: a study's experiments in the order of their verdicts, each kept or not, and its gain.
 */
import { type Goal, gainOver } from '../../base/metric.ts';
import { experimentOf, type History, isDropped, keptInOrder, valuesOf } from '../../journal/history.ts';
import { mean } from '../../statistics/moments.ts';

export interface StudyRecord {
  readonly metric: string;
  readonly goal: Goal;
  readonly baseline: number;
  readonly best: number;
  /** Whether each experiment behind the baseline was kept. */
  readonly kept: readonly boolean[];
  /** The scores of those that were, in the same order. */
  readonly keptScores: readonly number[];
}

/** The record of a study; undefined until its baseline has a score. What was dropped before it ran does not count. */
export function studyRecordOf(history: History): StudyRecord | undefined {
  const baseline = valuesOf(experimentOf(history, 0));
  const best = valuesOf(experimentOf(history, history.incumbent));
  if (baseline.length === 0 || best.length === 0) return undefined;
  const settled = history.settled
    .map((experiment) => experimentOf(history, experiment))
    .filter((record) => record.experiment > 0 && !isDropped(record));
  return {
    metric: history.frozen.metric.name,
    goal: history.frozen.metric.goal,
    baseline: mean(baseline),
    best: mean(best),
    kept: settled.map(({ verdict }) => verdict?.decision === 'keep'),
    keptScores: keptInOrder(history)
      .filter((record) => record.experiment > 0 && valuesOf(record).length > 0)
      .map((record) => mean(valuesOf(record))),
  };
}

/** What was gained so far, in the metric. */
export function gainOf({ goal, baseline, best }: StudyRecord): number {
  return gainOver(goal, baseline, best);
}

/** Experiments since the last keep, or since the baseline. */
export function missesOf({ kept }: Pick<StudyRecord, 'kept'>): number {
  return kept.length - 1 - kept.lastIndexOf(true);
}
