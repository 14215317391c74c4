/**
 * A study as trackers of experiments have one: for each experiment its parameters, metrics, tags, runs and curve.
 *
 * Only experiments with their last word are in it, so that what is sent once need not be taken back.
 */
import { plainLine, plainText } from '../base/plain-text.ts';
import { type ExperimentStatus, experimentRows, statusOf } from '../journal/experiment-row.ts';
import { countedRuns, type ExperimentRecord, type History, type RunRecord } from '../journal/history.ts';
import type { Outcome } from '../journal/run.ts';
import type { KnobValue } from '../space/knob.ts';
import { journalledKnobs, knobsSet } from '../space/trials/journalled-knobs.ts';
import { shortKnobNames } from '../space/trials/trials.ts';
import type { Curve } from './report/attachments.ts';

export interface TrackedRun {
  readonly run: number;
  readonly seed: number;
  readonly outcome: Outcome;
  /** Whether it counts for the experiment's score. */
  readonly isCounted: boolean;
  readonly seconds: number;
  /** What it measured, the study's metric first; empty for one without a score. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

export interface TrackedExperiment {
  readonly experiment: number;
  /** Names it for ever among all studies of the world. */
  readonly key: string;
  readonly title: string;
  readonly status: Exclude<ExperimentStatus, 'running'>;
  /** ISO times. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Values of knobs, as far as the journal shows them. */
  readonly params: Readonly<Record<string, KnobValue>>;
  /** The measured mean under the metric's own name, and what belongs to it. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly runs: readonly TrackedRun[];
  /** Both from the study's folder; absent where they are not there. */
  readonly curve?: Curve;
  readonly patch?: string;
}

/** The experiments that have their last word, in order, without what lies in the study's folder. */
export function trackedExperiments(history: History): readonly TrackedExperiment[] {
  const knobs = journalledKnobs(history);
  const nameOf = shortKnobNames(knobsSet(knobs));
  const rows = experimentRows(history);
  return history.experiments.flatMap((record, index) => {
    const [row, status] = [rows[index], statusOf(record)];
    if (!row || status === 'running') return [];
    const runs = runsOf(history, record);
    const values = Object.entries(knobs.get(record.experiment) ?? {});
    return [
      {
        experiment: record.experiment,
        key: `${history.study}@${history.startedAt}/${record.experiment}`,
        title: plainLine(row.title),
        status,
        startedAt: row.startedAt,
        endedAt: row.endedAt ?? row.startedAt,
        params: Object.fromEntries(values.map(([key, value]) => [nameOf(key), value])),
        metrics: withoutNull({
          [history.frozen.metric.name]: row.metric,
          gain: row.gain,
          probability: row.probability,
          seconds: row.seconds,
          usd: row.usd,
        }),
        tags: tagsOf(history, record, row),
        runs,
      },
    ];
  });
}

function tagsOf(
  { tag, frozen }: History,
  record: ExperimentRecord,
  row: ReturnType<typeof experimentRows>[number],
): Readonly<Record<string, string>> {
  const tags: Readonly<Record<string, string | undefined>> = {
    study: tag,
    experiment: String(record.experiment),
    status: row.status,
    goal: frozen.metric.goal,
    parent: row.parent === null ? undefined : String(row.parent),
    researcher: row.researcher ?? undefined,
    kind: record.proposal?.kind,
    commit: row.commit ?? undefined,
    hypothesis: record.proposal?.hypothesis,
    reason: row.reason,
  };
  const kept = Object.entries(tags).flatMap(([name, text]) => (text ? [[name, plainText(text)] as const] : []));
  return Object.fromEntries(kept);
}

function runsOf(history: History, record: ExperimentRecord): readonly TrackedRun[] {
  const counted = new Set(countedRuns(record));
  const { name } = history.frozen.metric;
  return record.runs.flatMap((run) => (run.result ? [trackedRun(run, run.result, counted.has(run), name)] : []));
}

function trackedRun(
  { run, seed, startedAt, endedAt }: RunRecord,
  { outcome, seconds, measurement }: NonNullable<RunRecord['result']>,
  isCounted: boolean,
  metric: string,
): TrackedRun {
  const metrics = measurement ? { [metric]: measurement.value, ...measurement.metrics } : {};
  const times = { ...(startedAt !== undefined && { startedAt }), ...(endedAt !== undefined && { endedAt }) };
  return { run, seed, outcome, isCounted, seconds, metrics, ...times };
}

function withoutNull(figures: Readonly<Record<string, number | null>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(figures).filter((entry): entry is [string, number] => entry[1] !== null));
}
