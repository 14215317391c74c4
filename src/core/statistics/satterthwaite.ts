/**
 * How sure a sum of estimated variances is: its degrees of freedom after Welch and Satterthwaite (Biometrics Bulletin 2,
 * 1946).
 */

/** An estimated variance and the degrees of freedom behind it. */
export interface Variance {
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/** Degrees of freedom of the sum of these variances; NaN where all are 0. */
export function satterthwaite(variances: readonly Variance[]): number {
  const sum = variances.reduce((total, { variance }) => total + variance, 0);
  return (
    sum ** 2 / variances.reduce((total, { variance, degreesOfFreedom }) => total + variance ** 2 / degreesOfFreedom, 0)
  );
}
