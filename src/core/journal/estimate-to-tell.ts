/**
 * When a sentence about a measured gain needs the estimated one beside it.
 */
import { normalCdf } from '../statistics/normal.ts';
import type { ExperimentRow } from './experiment-row.ts';

/** Between what the measured gain alone would say and the probability that is printed. */
const maxDifference = 0.1;
const standardErrors = 1.96;

/**
 * How much better the policy believed a candidate to be, where the probability that this is real does not follow from the
 * measured gain: the policy also knows what like candidates scored, and that the incumbent was selected. Otherwise
 * undefined, and where the policy has no estimate or none above zero.
 */
export function estimateToTell({
  gain,
  error,
  estimatedGain,
  probability,
}: Pick<ExperimentRow, 'gain' | 'error' | 'estimatedGain' | 'probability'>): number | undefined {
  if (gain === null || estimatedGain === null || estimatedGain <= 0) return undefined;
  if (gain <= 0) return estimatedGain;
  if (error === null || error === 0 || probability === null) return undefined;
  const measured = normalCdf((gain / error) * standardErrors);
  return Math.abs(measured - probability) > maxDifference ? estimatedGain : undefined;
}
