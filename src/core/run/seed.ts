/**
 * The seed of each run: chosen by the harness, never by the diff, and never used twice in a study.
 */
import { hashText } from '../base/random.ts';

/** The baseline always runs with these. */
export const baselineSeeds = [1, 2, 3] as const;

/** The seed of an experiment's `index`-th counted run, from 1; a lost run's repetition has the same index, so the same seed. */
export function seedOf(study: string, experiment: number, index: number): number {
  const baseline = experiment === 0 ? baselineSeeds[index - 1] : undefined;
  if (baseline !== undefined) return baseline;
  // Kept to 31 bits, which every framework's seed function takes, and away from the baseline's small numbers.
  return 1000 + (hashText(`${study}/experiment ${experiment}/run ${index}`) % 2147482000);
}
