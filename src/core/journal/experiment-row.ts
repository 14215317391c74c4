/**
 * One experiment as a row, for `nocturne log` and for reports.
 */

import { mean } from '../statistics/moments.ts';
import {
  countedRuns,
  type ExperimentRecord,
  type History,
  isDropped,
  openRuns,
  scorelessRun,
  valuesOf,
} from './history.ts';
import { type HalfWidth, halfWidths } from './interval.ts';
import { measuredGain } from './measured-gain.ts';
import { pooledNoise } from './noise.ts';
import { type Outcome, type Voucher, weakestVoucher } from './run.ts';

export type ExperimentStatus = 'baseline' | 'kept' | 'reverted' | 'failed' | 'dropped' | 'running';

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
  /** Who vouches for it, the weakest of its counted runs; null while there is none. */
  readonly vouched: Voucher | null;
  /** How much better it measured than its parent; negative is worse. */
  readonly gain: number | null;
  /** The same, under the name that it had first. */
  readonly delta: number | null;
  /** Half of the 95 % interval of the gain; null while no run was ever repeated. */
  readonly error: number | null;
  /** How much better the policy believed it to be when it was judged; null for a policy that goes by the means. */
  readonly estimatedGain: number | null;
  /** How its last run ended, for an experiment that failed; null for any other. */
  readonly outcome: Outcome | null;
  /** Probability that the gain is real; null where the policy does not compute it. */
  readonly probability: number | null;
  /** ISO times: when its first run began, or it was proposed where it has none; when its last run ended, null while none has. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Wall seconds of all its runs. */
  readonly seconds: number;
  readonly usd: number;
  /** The slot of its run in flight, in a study with several; null for any other. */
  readonly slot: number | null;
  /** Number of runs whose score the machine, not the candidate, may have made. */
  readonly contended: number;
  /** Why it failed, was reverted, or was dropped before it ran. */
  readonly reason: string;
}

/** The rows of these experiments, by default of all: index is the experiment's number then. */
export function experimentRows(
  history: History,
  records = history.experiments,
  noise = pooledNoise(history),
): ExperimentRow[] {
  const widthOf = noise && halfWidths(noise);
  return records.map((record) => rowOf(history, record, widthOf));
}

/** The row of one experiment. */
export function experimentRow(history: History, record: ExperimentRecord): ExperimentRow {
  const noise = pooledNoise(history);
  return rowOf(history, record, noise && halfWidths(noise));
}

/** Who vouches for an experiment's score; undefined while it has none. */
export function voucherOf(record: ExperimentRecord): Voucher | undefined {
  return weakestVoucher(countedRuns(record).flatMap(({ result }) => result?.measurement?.vouched ?? []));
}

function rowOf(history: History, record: ExperimentRecord, widthOf: HalfWidth | undefined): ExperimentRow {
  const values = valuesOf(record);
  const metric = values.length > 0 ? mean(values) : null;
  const measured = measuredGain(history, record, widthOf);
  const { statistics } = record.verdict ?? {};
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
    vouched: voucherOf(record) ?? null,
    delta: measured?.gain ?? null,
    probability: statistics?.probability ?? null,
    startedAt: record.runs[0]?.startedAt ?? record.proposedAt,
    endedAt: record.runs.findLast(({ endedAt }) => endedAt !== undefined)?.endedAt ?? null,
    seconds: record.runs.reduce((sum, run) => sum + (run.result?.seconds ?? 0), 0),
    slot: openRuns(record)[0]?.slot ?? null,
    contended: record.runs.filter((run) => run.result?.contention).length,
    usd: history.spentOn.get(record.experiment)?.usd ?? 0,
    gain: measured?.gain ?? null,
    error: measured?.error ?? null,
    estimatedGain: statistics?.estimate ? statistics.gain : null,
    outcome: statusOf(record) === 'failed' ? (record.runs.at(-1)?.result?.outcome ?? null) : null,
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
  if (isDropped(record)) return 'dropped';
  return record.verdict.statistics ? 'reverted' : 'failed';
}
