/**
 * What a model and an agent are told of the noise, and of what a keep must be worth because of it.
 */
import { formatAt, formatMetric } from '../base/format.ts';
import type { History } from '../journal/history.ts';
import { metricDecimals } from '../journal/metric-decimals.ts';
import { pooledNoise } from '../journal/noise.ts';
import type { StudyWalk } from '../judge/policies/value/walk-history.ts';
import { type SmallestKeep, smallestKeeps } from '../judge/smallest-keep.ts';

/** The noise of one run. */
export function noiseText(history: History): string {
  const noise = pooledNoise(history);
  if (!noise) return 'The noise has not been measured yet.';
  return `One run moves by ${formatMetric(noise.sigma)} (standard deviation) when only the seed changes.`;
}

/** Numbers of runs for which a researcher is told what would be kept. */
const runCounts = [1, 3];

/** The smallest gain that would be kept now; empty while that is not known. */
export function keepText(history: History, walk: StudyWalk, researcher: string): string {
  const { policy } = history.session;
  const keeps = smallestKeeps(history, walk, researcher, runCounts);
  const [first] = keeps;
  if (first === undefined) return '';
  if (first.runs === 1 && keeps.length === 1) return 'Any gain over the incumbent is kept.';
  if (policy === 'confirm') return 'A gain over the incumbent is kept when a run on a fresh seed shows one too.';
  const decimals = metricDecimals(history);
  return `Smallest gain over the incumbent that would be kept now, estimated: ${keeps.map((keep) => gainText(keep, decimals)).join(', or ')}; what comes near is run again.`;
}

function gainText({ runs, gain }: SmallestKeep, decimals: number): string {
  const value = gain <= 0 ? 'any' : formatAt(gain, decimals);
  return `${value} ${runs === 1 ? 'in one run' : `as the mean of ${runs} runs`}`;
}
