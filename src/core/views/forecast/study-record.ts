/**
 * What a forecast goes by: a study's experiments in the order of their verdicts, each kept or not, and its gain.
 */
import { type Goal, gainOver } from '../../base/metric.ts';
import { findResearcher } from '../../base/researchers.ts';
import {
  type ExperimentRecord,
  experimentOf,
  type History,
  isDropped,
  keptInOrder,
  valuesOf,
} from '../../journal/history.ts';
import { mean } from '../../statistics/moments.ts';

/** Who proposed an experiment of a study in which only searches propose; `other` is a person's or another's, which tells nothing of them. */
export type Turn = 'recipe' | 'search' | 'other';

export interface StudyRecord {
  readonly metric: string;
  readonly goal: Goal;
  readonly baseline: number;
  readonly best: number;
  /** Whether each experiment behind the baseline was kept. */
  readonly kept: readonly boolean[];
  /** The scores of those that were, in the same order. */
  readonly keptScores: readonly number[];
  /** Who proposed each; absent unless searches proposed most of them, and no model or agent any. */
  readonly turns?: readonly Turn[];
}

/** The record of a study; undefined until its baseline has a score. What was dropped before it ran does not count. */
export function studyRecordOf(history: History): StudyRecord | undefined {
  const baseline = valuesOf(experimentOf(history, 0));
  const best = valuesOf(experimentOf(history, history.incumbent));
  if (baseline.length === 0 || best.length === 0) return undefined;
  const settled = history.settled
    .map((experiment) => experimentOf(history, experiment))
    .filter((record) => record.experiment > 0 && !isDropped(record));
  const turns = turnsOf(settled);
  return {
    metric: history.frozen.metric.name,
    goal: history.frozen.metric.goal,
    baseline: mean(baseline),
    best: mean(best),
    kept: settled.map(({ verdict }) => verdict?.decision === 'keep'),
    keptScores: keptInOrder(history)
      .filter((record) => record.experiment > 0 && valuesOf(record).length > 0)
      .map((record) => mean(valuesOf(record))),
    ...(turns && { turns }),
  };
}

function turnsOf(settled: readonly ExperimentRecord[]): readonly Turn[] | undefined {
  const rows = settled.map(({ researcher }) => findResearcher(researcher ?? ''));
  if (rows.some((row) => row !== undefined && row.calls !== 'nothing')) return undefined;
  const turns = rows.map((row): Turn => (row === undefined || row.name === 'owner' ? 'other' : turnOf(row.name)));
  return turns.filter((turn) => turn === 'other').length * 2 < turns.length ? turns : undefined;
}

const turnOf = (name: string): Turn => (name === 'recipe' ? 'recipe' : 'search');

/** What was gained so far, in the metric. */
export function gainOf({ goal, baseline, best }: StudyRecord): number {
  return gainOver(goal, baseline, best);
}

/** Experiments since the last keep, or since the baseline. */
export function missesOf({ kept }: Pick<StudyRecord, 'kept'>): number {
  return kept.length - 1 - kept.lastIndexOf(true);
}
