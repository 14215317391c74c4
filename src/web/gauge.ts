/**
 * The overfitting gauge as rows and sentences, for every rendering.
 */

import { formatMetric } from '../core/base/format.ts';
import type { GaugeReading } from '../core/journal/gauge-reading.ts';

export const gaugeHeader = ['#', 'runs', 'validation', 'holdout', 'may part by', 'parted'] as const;

/** The cells of the gauge's table. */
export function gaugeRows({ rows }: GaugeReading): string[][] {
  return rows.map(({ experiment, runs, validationGain, holdoutGain, limit, isParted }) => [
    String(experiment),
    String(runs),
    ...[validationGain, holdoutGain, limit].map((cell) => (cell === undefined ? 'unknown' : formatMetric(cell))),
    isParted ? 'yes' : '',
  ]);
}

/** What the gauge compares. */
export function gaugeIntroduction(metric: string, { isSplitIgnored }: GaugeReading): string {
  return isSplitIgnored
    ? 'The scorer gives the same numbers on both splits, so nothing is held out.'
    : `The gain in ${metric} over the baseline on validation, which the study selected on, and on the holdout, of the same saved weights:`;
}

/** How far the two may part. */
export function gaugeNoise({ sigma, degreesOfFreedom }: GaugeReading): string {
  if (sigma === undefined) return 'How far they may part is unknown: no candidate ran twice.';
  return `They may part by two standard errors, from a sigma of ${formatMetric(sigma)} of a run's holdout minus validation score (${degreesOfFreedom} degrees of freedom).`;
}
