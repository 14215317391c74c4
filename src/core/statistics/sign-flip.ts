/**
 * The exact sign-flip test: were nothing changed, each paired difference could as well have had the other sign.
 *
 * It assumes nothing of how the noise is distributed (Fisher, The Design of Experiments, 1935, section 21), but n pairs
 * cannot give a p below 2^(1-n): five pairs never reach .05.
 */

/** Pairs that are still counted exactly: the two halves then have 2^20 sums each. */
export const maxSignFlipPairs = 40;

/** Pairs that a two-sided p below .05 needs. */
export const minSignFlipPairs = 6;

/** Two-sided p: the share of all 2^n sign patterns whose sum is at least as far from zero as the one that was seen. */
export function signFlipP(differences: readonly number[]): number | undefined {
  if (differences.length < minSignFlipPairs || differences.length > maxSignFlipPairs) return undefined;
  const seen = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  const size = differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  // The pattern that was seen must count, however its sum is rounded.
  const bound = seen - 1e-9 * size;
  if (bound <= 0) return 1;
  const middle = differences.length >> 1;
  const low = signSums(differences.slice(0, middle));
  const high = signSums(differences.slice(middle));
  // The patterns come in pairs of opposite sums, so one tail is half of both.
  return Math.min(1, (2 * countAtLeast(low, high, bound)) / 2 ** differences.length);
}

/** The sums of all sign patterns, in rising order. */
function signSums(differences: readonly number[]): Float64Array {
  let sums = Float64Array.of(0);
  for (const difference of differences) {
    const next = new Float64Array(sums.length * 2);
    for (const [index, sum] of sums.entries()) {
      next[2 * index] = sum + difference;
      next[2 * index + 1] = sum - difference;
    }
    sums = next;
  }
  return sums.sort();
}

/** How many pairs of one sum of each list reach the bound: as one sum rises, fewer of the other's are too small. */
function countAtLeast(low: Float64Array, high: Float64Array, bound: number): number {
  let count = 0;
  let tooSmall = high.length;
  for (const sum of low) {
    while (tooSmall > 0 && sum + (high[tooSmall - 1] ?? 0) >= bound) tooSmall -= 1;
    count += high.length - tooSmall;
  }
  return count;
}
