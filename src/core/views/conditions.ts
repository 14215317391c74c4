/**
 * How the state of the machine affected the study: contended runs, each with its reason, and when the incumbent was run
 * again.
 */
import { formatAt, formatDuration } from '../base/format.ts';
import { plainLine } from '../base/plain-text.ts';
import type { GpuPause } from '../journal/gpu-trouble.ts';
import {
  countedRuns,
  type ExperimentRecord,
  experimentOf,
  type History,
  type RunAgain,
  type RunRecord,
} from '../journal/history.ts';
import { secondsBetween } from '../journal/live-time.ts';
import { measuredGain } from '../journal/measured-gain.ts';
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

/** Why the incumbent was run again, and its scores before and after; the oldest first. */
export function runAgainSentences(history: History): string[] {
  const drifts = history.drifts.map((drift) => ({ ...drift, what: 'Drift suspected', hint: '' }));
  const doubts = history.doubts.map((doubt) => ({ ...doubt, what: 'Gain doubted', hint: noGainText(history, doubt) }));
  return [...drifts, ...doubts]
    .sort((one, other) => one.seq - other.seq)
    .map((again) => {
      const scores = `${nameOf(again.experiment)} was run again: ${beforeAndAfter(history, again)}`;
      return `${again.what}: ${again.reason}. So ${scores}.${again.hint}`;
    });
}

/** What to do about a keep that is no better than its parent by all its runs; empty for a gain, and for one that was taken out. */
function noGainText(history: History, { experiment }: RunAgain): string {
  const record = experimentOf(history, experiment);
  const measured = measuredGain(history, record, undefined);
  if (record.kept === undefined || record.parent === undefined || !measured || measured.gain > 0) return '';
  return ` By all its runs it is no better than ${nameOf(record.parent)}; \`nocturne revert ${experiment}\` takes it out.`;
}

function nameOf(experiment: number): string {
  return experiment === 0 ? 'the baseline' : `experiment ${experiment}`;
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

function beforeAndAfter(history: History, { experiment, run }: RunAgain): string {
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
