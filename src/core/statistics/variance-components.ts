/**
 * Observations that are a sum of Gaussian effects: each with known correlations and an unknown variance, beside a part
 * whose covariance is known.
 *
 * The variances are those of the greatest likelihood, found by multiplicative steps that each raise it (Zhou, Hu, Zhou and
 * Lange, JCGS 2019, arXiv:1509.07426). An effect that the observations do not show ends near 0.
 */
import { invertPositiveDefinite } from './positive-definite.ts';

/** A symmetric matrix, in rows. */
export type Rows = readonly Float64Array[];

export interface ComponentFit {
  /** The variance of each effect. */
  readonly variances: readonly number[];
  /** The inverted covariance of the observations, and that times the observations. */
  readonly inverse: Rows;
  readonly weights: Float64Array;
}

const maxSteps = 60;
/** The steps end when no share of an effect in the whole variance changes by more than this. */
const tolerance = 1e-4;

/** Fits the variance of each effect, given its covariances at variance 1; `known` is what is to be added to their sum. */
export function fitVarianceComponents(effects: readonly Rows[], known: Rows, observations: Float64Array): ComponentFit {
  const scale = observations.reduce((sum, value) => sum + value * value, 0) / observations.length;
  let variances = effects.map(() => scale / effects.length);
  for (let step = 1; ; step++) {
    const inverse = invertPositiveDefinite(sumOf(effects, variances, known));
    const weights = times(inverse, observations);
    if (step > maxSteps) return { variances, inverse, weights };
    const next = variances.map((variance, index) => {
      const effect = effects[index] ?? [];
      const explained = effect.reduce((sum, row, i) => sum + (weights[i] ?? 0) * dot(row, weights), 0);
      const expected = effect.reduce((sum, row, i) => sum + dot(row, inverse[i] ?? row), 0);
      return expected > 0 ? variance * Math.sqrt(Math.max(0, explained) / expected) : 0;
    });
    const isSettled = next.every(
      (variance, index) => Math.abs(variance - (variances[index] ?? 0)) <= tolerance * scale,
    );
    variances = next;
    if (isSettled) step = maxSteps;
  }
}

/** The matrix times the vector. */
export function times(matrix: Rows, vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

/** The sum of the products of two vectors. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function sumOf(effects: readonly Rows[], variances: readonly number[], known: Rows): Rows {
  return known.map((row, i) => {
    const sum = Float64Array.from(row);
    for (const [index, effect] of effects.entries()) {
      const [variance = 0, added = row] = [variances[index], effect[i]];
      for (let j = 0; variance > 0 && j <= i; j++) sum[j] = (sum[j] ?? 0) + variance * (added[j] ?? 0);
    }
    return sum;
  });
}
