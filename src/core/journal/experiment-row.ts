/**
 * One experiment as a row, for `nocturne log` and for reports.
 */

import { gainOver } from '../base/metric.ts';
import { mean } from '../statistics/moments.ts';
import { type ExperimentRecord, experimentOf, type History, scorelessRun, valuesOf } from './history.ts';

export type ExperimentStatus = 'baseline' | 'kept' | 'reverted' | 'failed' | 'running';

export interface ExperimentRow {
  readonly experiment: number;
  readonly parent: number | null;
  readonly commit: string | null;
  readonly status: ExperimentStatus;
  readonly title: string;
  readonly researcher: string | null;
  /** The arm of `auto` that it counts for, and why that one was asked; null for any other researcher. */
  readonly arm: string | null;
  readonly why: string | null;
  /** Mean of the counted runs; null while there is none. */
  readonly metric: number | null;
  /** How much better than its parent; negative is worse. */
  readonly delta: number | null;
  /** Probability that the gain is real; null where the policy does not compute it. */
  readonly probability: number | null;
  /** Wall seconds of all its runs. */
  readonly seconds: number;
  readonly usd: number;
  /** Number of runs whose score the machine, not the candidate, may have made. */
  readonly contended: number;
  /** Why it failed or was reverted. */
  readonly reason: string;
}

/** The row of one experiment. */
export function experimentRow(history: History, record: ExperimentRecord): ExperimentRow {
  const values = valuesOf(record);
  const metric = values.length > 0 ? mean(values) : null;
  return {
    experiment: record.experiment,
    parent: record.parent ?? null,
    commit: record.kept ?? record.candidate?.commit ?? null,
    status: statusOf(record),
    title: record.proposal?.title ?? 'baseline',
    researcher: record.researcher ?? null,
    arm: record.arm ?? null,
    why: record.why ?? null,
    metric,
    delta: record.verdict?.statistics?.gain ?? deltaOf(history, record, metric),
    probability: record.verdict?.statistics?.probability ?? null,
    seconds: record.runs.reduce((sum, run) => sum + (run.result?.seconds ?? 0), 0),
    contended: record.runs.filter((run) => run.result?.contention).length,
    usd: history.spentOn.get(record.experiment)?.usd ?? 0,
    reason: record.verdict?.reason ?? baselineFailure(record) ?? '',
  };
}

/** Why the baseline has no score, for a study that could not begin; undefined for any other experiment. */
export function baselineFailure({ experiment, verdict, runs }: ExperimentRecord): string | undefined {
  return experiment === 0 && verdict === undefined ? scorelessRun({ runs })?.result?.reason : undefined;
}

/** What became of an experiment so far. */
export function statusOf(record: ExperimentRecord): ExperimentStatus {
  if (baselineFailure(record) !== undefined) return 'failed';
  if (!record.verdict || record.verdict.decision === 'rerun') return 'running';
  if (record.experiment === 0) return 'baseline';
  if (record.verdict.decision === 'keep') return 'kept';
  return record.verdict.statistics ? 'reverted' : 'failed';
}

function deltaOf(history: History, record: ExperimentRecord, metric: number | null): number | null {
  if (record.parent === undefined || metric === null) return null;
  const parent = valuesOf(experimentOf(history, record.parent));
  return parent.length === 0 ? null : gainOver(history.frozen.metric.goal, mean(parent), metric);
}
