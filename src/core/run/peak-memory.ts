/**
 * The memory that a run needed at its peak, as guards and tables have it: what the harness measured, or what the script says
 * where that is more, since it may know of memory that cannot be seen from outside. A script that says less is not believed.
 */
import { formatRounded } from '../base/format.ts';
import { countedRuns, type ExperimentRecord, experimentOf, type History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { nameOf } from './secondary-metrics.ts';

type Measured = Pick<RunResult, 'measurement' | 'peakMemoryMb' | 'peakGpuMemoryMb'>;

const name = 'peak_memory_mb';

/** Whether a metric or a guard is about it, by the name of today or of karpathy's scripts. */
export function isPeakMemory(metric: string): boolean {
  return nameOf(metric) === name;
}

/** MiB; undefined where neither harness nor script says. */
export function peakMemoryOf(history: History, result: Measured): number | undefined {
  const { [name]: said } = result.measurement?.metrics ?? {};
  const seen = seenFromOutside(history, result);
  return seen === undefined || said === undefined ? (seen ?? said) : Math.max(seen, said);
}

/** The most that any complete run of an experiment needed, MiB. */
export function mostPeakMemory(history: History, { runs }: Pick<ExperimentRecord, 'runs'>): number | undefined {
  const peaks = runs.flatMap(({ result }) => (result?.measurement ? (peakMemoryOf(history, result) ?? []) : []));
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}

/**
 * The same as `peakMemoryOf`, to be compared with the baseline's. A study that began before memory was measured from outside has only the
 * scripts' word for its baseline, so only words are compared.
 */
export function comparablePeakMemory(history: History, result: Measured): number | undefined {
  return isMeasured(history) ? peakMemoryOf(history, result) : result.measurement?.metrics[name];
}

/** What a veto adds: whose word it goes by, where that is not plain. */
export function memoryWords(history: History, results: readonly Measured[], isRelative: boolean): string {
  if (isRelative && !isMeasured(history) && results.some(({ peakMemoryMb }) => peakMemoryMb !== undefined))
    return " (by the scripts' own word: the baseline was not measured from outside)";
  const liar = results.find((result) => {
    const { [name]: said = Number.POSITIVE_INFINITY } = result.measurement?.metrics ?? {};
    return said * lieFactor < (seenFromOutside(history, result) ?? 0);
  });
  const said = liar?.measurement?.metrics[name];
  return said === undefined ? '' : ` (as measured from outside; the script says ${formatRounded(said, 6)})`;
}

/** What a script leaves out by right, such as the memory of libraries, is less than this. */
const lieFactor = 1.5;

/** A study that computes on a GPU is about the memory of that. */
function seenFromOutside(history: History, { peakMemoryMb, peakGpuMemoryMb }: Measured): number | undefined {
  const isOnGpu = baselineRuns(history).some((run) => run.peakGpuMemoryMb !== undefined);
  return isOnGpu && peakMemoryMb !== undefined ? (peakGpuMemoryMb ?? 0) : peakMemoryMb;
}

function isMeasured(history: History): boolean {
  return baselineRuns(history).every(({ peakMemoryMb }) => peakMemoryMb !== undefined);
}

function baselineRuns(history: History): readonly Measured[] {
  return countedRuns(experimentOf(history, 0)).flatMap(({ result }) => (result?.measurement ? [result] : []));
}
