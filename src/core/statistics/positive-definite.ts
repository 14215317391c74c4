/**
 * Symmetric positive definite matrices, in rows, by their Cholesky factor.
 */
import { ok } from '../base/errors.ts';

/** The inverse of a positive definite matrix in rows, of which only the lower triangle is read. */
export function invertPositiveDefinite(matrix: readonly ArrayLike<number>[]): readonly Float64Array[] {
  const size = matrix.length;
  const inverse = Array.from({ length: size }, () => new Float64Array(size));
  // The inverse is the transposed inverted factor times itself.
  for (const row of invertTriangle(factorOf(matrix))) {
    for (let i = 0; i < size; i++) {
      const left = row[i] ?? 0;
      const target = inverse[i];
      if (left === 0 || target === undefined) continue;
      for (let j = 0; j < size; j++) target[j] = (target[j] ?? 0) + left * (row[j] ?? 0);
    }
  }
  return inverse;
}

/** The lower Cholesky factor. */
function factorOf(matrix: readonly ArrayLike<number>[]): readonly Float64Array[] {
  const factor = matrix.map((row, i) => Float64Array.from({ length: i + 1 }, (_, j) => row[j] ?? 0));
  for (const [i, row] of factor.entries()) {
    for (let j = 0; j <= i; j++) {
      const other = factor[j] ?? row;
      let sum = row[j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (row[k] ?? 0) * (other[k] ?? 0);
      if (j < i) row[j] = sum / (other[j] ?? 1);
      else {
        ok(sum > 0, 'the matrix is positive definite');
        row[i] = Math.sqrt(sum);
      }
    }
  }
  return factor;
}

function invertTriangle(factor: readonly Float64Array[]): readonly Float64Array[] {
  const size = factor.length;
  const rows: Float64Array[] = [];
  for (const [i, row] of factor.entries()) {
    const inverted = new Float64Array(size);
    inverted[i] = 1;
    for (const [k, earlier] of rows.entries()) {
      const share = row[k] ?? 0;
      if (share !== 0) for (let j = 0; j <= k; j++) inverted[j] = (inverted[j] ?? 0) - share * (earlier[j] ?? 0);
    }
    const pivot = row[i] ?? 1;
    for (let j = 0; j <= i; j++) inverted[j] = (inverted[j] ?? 0) / pivot;
    rows.push(inverted);
  }
  return rows;
}
