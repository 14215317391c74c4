/**
 * Whether a candidate has stopped using the seed that it is given: it may have fixed one that was lucky, and its runs say nothing of that.
 */
import { type ExperimentRecord, experimentOf, type History, valuesOf } from '../journal/history.ts';
import { pooledNoise, resolutionOf } from '../journal/noise.ts';

/** Scores that show fewer digits than this of their own noise agree by chance. */
const minDigits = 10;

/** One sentence, where runs with different seeds agree to the last digit and the baseline's do not; undefined otherwise. */
export function ignoredSeed(history: History, record: ExperimentRecord): string | undefined {
  const [values, baseline] = [valuesOf(record), valuesOf(experimentOf(history, 0))];
  const isOne = values.length > 1 && new Set(values).size === 1;
  if (!isOne || baseline.length < 2 || new Set(baseline).size < baseline.length) return undefined;
  const sigma = pooledNoise(history, record)?.sigma ?? 0;
  if (sigma < minDigits * resolutionOf([record])) return undefined;
  return `its ${values.length} runs agree to the last digit, so it does not use its seed, and they say nothing of its luck`;
}
