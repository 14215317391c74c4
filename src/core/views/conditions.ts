/**
 * How the state of the machine affected the study: contended runs, each with its reason, and when the incumbent was run
 * again.
 */
import { formatAt, formatDuration } from '../base/format.ts';
import { plainLine } from '../base/plain-text.ts';
import type { GpuPause } from '../journal/gpu-trouble.ts';
import {
  countedRuns,
  type Drift,
  type ExperimentRecord,
  experimentOf,
  type History,
  type RunRecord,
} from '../journal/history.ts';
import { secondsBetween } from '../journal/live-time.ts';
import { metricDecimals } from '../journal/metric-decimals.ts';
import { mean } from '../statistics/moments.ts';

/** A run whose score the machine, not the candidate, may have made. */
export interface ContendedRun {
  readonly experiment: number;
  readonly run: number;
  readonly reason: string;
  /** Whether it did not count and was run again. */
  readonly isRepeated: boolean;
}

/** Every contended run of a study, or of one experiment. */
export function contendedRuns(records: readonly ExperimentRecord[]): ContendedRun[] {
  return records.flatMap(({ experiment, runs }) =>
    runs.flatMap(({ run, result }) => (result?.contention ? [{ experiment, run, ...result.contention }] : [])),
  );
}

/** What became of a contended run, in words; empty for any other. */
export function contentionText({ result }: RunRecord): string {
  if (!result?.contention) return '';
  const { reason, isRepeated } = result.contention;
  return `contended (${reason}): ${isRepeated ? 'not judged, run again' : 'judged all the same'}`;
}

/** What became of contended runs, at most two sentences; empty when there were none. */
export function contentionSentences(contended: readonly ContendedRun[]): string[] {
  const judged = contended.filter((run) => !run.isRepeated).length;
  const repeated = contended.length - judged;
  return [
    repeated > 0 ? `${runsWere(repeated, '')}contended: not judged, but run again with the same seed.` : '',
    judged > 0 ? `${runsWere(judged, 'stayed contended when repeated and ')}judged all the same.` : '',
  ].filter(Boolean);
}

/** The incumbent's score before and after each suspicion of drift, one sentence each. */
export function driftSentences(history: History): string[] {
  return history.drifts.map((drift) => {
    const name = drift.experiment === 0 ? 'the baseline' : `experiment ${drift.experiment}`;
    return `Drift suspected: ${drift.reason}. So ${name} was run again: ${beforeAndAfter(history, drift)}.`;
  });
}

/** What became of the study's GPU and for how long the study waited for it, one sentence a pause. */
export function gpuPauseSentences({ gpuPauses }: Pick<History, 'gpuPauses'>): string[] {
  return gpuPauses.map((pause) => {
    const { since, until, experiment } = pause;
    const waited = until === undefined ? '' : ` for ${formatDuration(secondsBetween(since, until))}`;
    const end = until === undefined ? ' and waits still' : '';
    return `From ${since} the study waited${waited}${end}: ${gpuAwayText(pause)}. The run of experiment ${experiment} that it ended does not count.`;
  });
}

/** When the owner paused the study, one sentence a pause. */
export function ownerPauseSentences({ ownerPauses }: Pick<History, 'ownerPauses'>): string[] {
  return ownerPauses.map(({ since, until }) =>
    until === undefined
      ? `Since ${since} the owner has paused the study.`
      : `From ${since} the owner paused the study for ${formatDuration(secondsBetween(since, until))}.`,
  );
}

/** What is wrong with a GPU, in a few words. */
export const gpuAwayWords: Readonly<Record<GpuPause['kind'], string>> = {
  lost: 'the GPU is lost',
  filled: 'the GPU is full',
  broken: 'the GPU does not train',
};

/** The same with its reason. */
export function gpuAwayText({ kind, reason }: Pick<GpuPause, 'kind' | 'reason'>): string {
  return `${gpuAwayWords[kind]} (${plainLine(reason)})`;
}

function beforeAndAfter(history: History, { experiment, run }: Drift): string {
  const counted = countedRuns(experimentOf(history, experiment)).filter((each) => each.result?.measurement);
  const valuesOf = (runs: readonly RunRecord[]) => runs.map((each) => each.result?.measurement?.value ?? 0);
  const before = valuesOf(counted.filter((each) => each.run < run));
  const [after] = valuesOf(counted.filter((each) => each.run >= run));
  if (after === undefined || before.length === 0) return 'it gave no score';
  const decimals = metricDecimals(history);
  return `${formatAt(mean(before), decimals)} before, ${formatAt(after, decimals)} then`;
}

function runsWere(number: number, between: string): string {
  return number === 1 ? `1 run ${between}was ` : `${number} runs ${between}were `;
}
