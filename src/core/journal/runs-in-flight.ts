/**
 * The runs that were started and have not ended, as far as the journal knows: of experiments and of confirmations.
 */
import type { RunRecord } from './history.ts';

interface Ran<Run> {
  readonly runs: readonly Run[];
}

interface Whole<Run> {
  readonly history: { readonly experiments: readonly Ran<Run>[] };
  readonly heldOut: { readonly confirmations: readonly { readonly contenders: readonly Ran<Run>[] }[] };
}

/** The runs in flight. */
export function runsInFlight<Run extends RunRecord>({ history, heldOut }: Whole<Run>): Run[] {
  const contenders = heldOut.confirmations.flatMap((confirmation) => confirmation.contenders);
  return [...history.experiments, ...contenders].flatMap(({ runs }) => runs.filter((run) => !run.result));
}
