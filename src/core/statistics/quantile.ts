/**
 * Quantiles of a sample.
 */

/** Below which this share (0 to 1) of these numbers lies, which stand from low to high; between two of them by a straight line. 0 for none. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(position)] ?? 0, sorted[Math.ceil(position)] ?? 0];
  return low + (high - low) * (position - Math.floor(position));
}
