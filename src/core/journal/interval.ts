/**
 * 95 % intervals of means and of differences of means, by Student's t on the pooled noise.
 */

import { studentQuantile } from '../statistics/student-t.ts';
import type { Noise } from './noise.ts';

/** Half the width of the interval of the difference between two means. */
export function halfWidthOfDifference(noise: Noise, runs: number, otherRuns: number): number {
  return halfWidths(noise)(1 / runs + 1 / otherRuns);
}

/** Half of the 95 % interval of a mean, or of a difference of means, whose variance is this many sigma squared. */
export type HalfWidth = (variance: number) => number;

/**
 * A function from a mean's variance, in sigma squared, to half the width of its interval; computes the quantile once.
 */
export function halfWidths({ sigma, degreesOfFreedom }: Noise): HalfWidth {
  const factor = studentQuantile(0.975, degreesOfFreedom) * sigma;
  return (variance) => factor * Math.sqrt(variance);
}
