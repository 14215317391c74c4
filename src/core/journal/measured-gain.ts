/**
 * The measured gain of an experiment: its mean over all its runs against its parent's, as both are known now.
 */
import { gainOver } from '../base/metric.ts';
import { mean } from '../statistics/moments.ts';
import { type ExperimentRecord, experimentOf, type History, valuesOf } from './history.ts';
import type { HalfWidth } from './interval.ts';

export interface MeasuredGain {
  /** The parent's mean and its own. */
  readonly from: number;
  readonly to: number;
  /** Above zero is better. */
  readonly gain: number;
  /** Half of its 95 % interval; undefined while no run was ever repeated. */
  readonly error: number | undefined;
}

/** Whether an experiment and its parent still measure what its verdict says, if that gives figures: none ran again since. */
export function isAsJudged({ verdict }: ExperimentRecord, from: number | null, to: number | null): boolean {
  const { statistics } = verdict ?? {};
  return !statistics || (statistics.mean === to && statistics.incumbentMean === from);
}

/**
 * Undefined for the baseline, and where one of the two has no score. The error is the verdict's own, as its commit says
 * it, unless one of the two ran again since, or the verdict is older than that field: then it follows from the noise.
 */
export function measuredGain(
  history: History,
  record: ExperimentRecord,
  widthOf: HalfWidth | undefined,
): MeasuredGain | undefined {
  if (record.parent === undefined || record.experiment === 0) return undefined;
  const before = valuesOf(experimentOf(history, record.parent));
  const own = valuesOf(record);
  if (before.length === 0 || own.length === 0) return undefined;
  const [from, to] = [mean(before), mean(own)];
  const judged = isAsJudged(record, from, to) ? record.verdict?.statistics?.error : undefined;
  const error = judged ?? widthOf?.(1 / own.length + 1 / before.length);
  return { from, to, gain: gainOver(history.frozen.metric.goal, from, to), error };
}
