/**
 * The seeds of confirmations: never one that the study has used, for a score that a seed was selected on is no fresh one.
 */

import { hashText } from '../base/random.ts';
import type { WholeHistory } from '../journal/held-out.ts';

/** The seed of a contender's `index`-th run, from 1. */
export function confirmationSeed(whole: WholeHistory, confirmation: number, contender: string, index: number): number {
  const used = usedSeeds(whole);
  const name = `${whole.history.study}/confirmation ${confirmation}/${contender}/run ${index}`;
  for (let attempt = 0; ; attempt++) {
    // Kept to 31 bits, as every other seed, and away from the baseline's small numbers.
    const seed = 1000 + (hashText(attempt === 0 ? name : `${name}/again ${attempt}`) % 2147482000);
    if (!used.has(seed)) return seed;
  }
}

function usedSeeds({ history, heldOut }: WholeHistory): ReadonlySet<number> {
  const contenders = heldOut.confirmations.flatMap((confirmation) => confirmation.contenders);
  return new Set([...history.experiments, ...contenders].flatMap(({ runs }) => runs.map((run) => run.seed)));
}
