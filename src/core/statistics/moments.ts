/**
 * Mean and spread of a few scores.
 */

/** The mean of at least one number. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The sample standard deviation (n - 1) of at least two numbers. */
export function standardDeviation(values: readonly number[]): number {
  return Math.sqrt(sumOfSquares(values) / (values.length - 1));
}

/** The squared distances from the mean, summed. */
export function sumOfSquares(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}
