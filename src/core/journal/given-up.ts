/**
 * Ideas that came to nothing before an experiment was made of them.
 */
import type { History, Refusal } from './history.ts';

/** The ideas that came to nothing before the experiment with this number was made. */
export function givenUpFor({ refusals }: History, experiment: number): readonly Refusal[] {
  return refusals.filter((refusal) => refusal.experiment === experiment);
}
