/**
 * Compares two independent samples of unequal noise: how far their means differ, and how sure that is.
 *
 * Welch, "The generalization of Student's problem when several different population variances are involved", Biometrika
 * 34 (1947); degrees of freedom by Satterthwaite, Biometrics Bulletin 2 (1946). Nothing is pooled: a change may well
 * make a training more or less noisy.
 */
import { mean, standardDeviation } from './moments.ts';
import { satterthwaite } from './satterthwaite.ts';
import { studentCdf, studentQuantile } from './student-t.ts';

/** A difference of two means; every figure but the last two in the unit of the values. */
export interface Difference {
  readonly difference: number;
  readonly standardError: number;
  /** Where the true difference lies in 95 of 100 such comparisons. */
  readonly interval: readonly [number, number];
  readonly degreesOfFreedom: number;
  /** Two-sided: how often a difference at least this large comes about where there is none. */
  readonly p: number;
}

/** Mean of `values` minus mean of `reference`; undefined when a sample has under two values, or neither has spread. */
export function welch(values: readonly number[], reference: readonly number[]): Difference | undefined {
  if (values.length < 2 || reference.length < 2) return undefined;
  const share = standardDeviation(values) ** 2 / values.length;
  const referenceShare = standardDeviation(reference) ** 2 / reference.length;
  const squared = share + referenceShare;
  if (squared === 0) return undefined;
  const standardError = Math.sqrt(squared);
  const degreesOfFreedom = satterthwaite([
    { variance: share, degreesOfFreedom: values.length - 1 },
    { variance: referenceShare, degreesOfFreedom: reference.length - 1 },
  ]);
  const difference = mean(values) - mean(reference);
  const half = studentQuantile(0.975, degreesOfFreedom) * standardError;
  return {
    difference,
    standardError,
    interval: [difference - half, difference + half],
    degreesOfFreedom,
    p: 2 * studentCdf(-Math.abs(difference / standardError), degreesOfFreedom),
  };
}
