/**
 * Sorts a contender's runs into the runs that were planned: each of these has one seed and ends with one result.
 */
import type { ContenderRecord } from '../journal/held-out.ts';
import { countedRuns, openRuns, type RunRecord } from '../journal/history.ts';
import type { ContenderScores } from './compare-contenders.ts';

/** A lost run is repeated; a planned run with this many lost runs counts as failed. */
const maxLostRuns = 3;
/** The same for runs whose machine went, which is hardly the contender's doing. */
const maxMachineRuns = 10;

export interface PlannedRun {
  readonly seed: number;
  /** Those made of it; more than one where an earlier one does not count. */
  readonly runs: readonly RunRecord[];
  /** The run that settles it; absent while it is to be made, or made again. */
  readonly settled?: RunRecord;
  /** The run of it that is in flight. */
  readonly inFlight?: RunRecord;
}

/** Those that have begun, in the order in which they did: what is made again has the same seed. */
export function plannedRunsOf(contender: ContenderRecord): readonly PlannedRun[] {
  const counted = new Set(countedRuns(contender));
  const seeds = new Set(contender.runs.map((run) => run.seed));
  return [...seeds].map((seed) => {
    const runs = contender.runs.filter((run) => run.seed === seed);
    const settled = settlingRun(runs, counted);
    const [inFlight] = openRuns({ runs });
    return { seed, runs, ...(settled && { settled }), ...(inFlight && { inFlight }) };
  });
}

/** The first run that counts, or the last that may be lost. */
function settlingRun(runs: readonly RunRecord[], counted: ReadonlySet<RunRecord>): RunRecord | undefined {
  let lost = 0;
  let gone = 0;
  return runs.find((run) => {
    if (run.result?.byMachine) gone += 1;
    else if (run.result?.outcome === 'lost' && !run.result.gpu?.isSeen) lost += 1;
    return counted.has(run) || lost >= maxLostRuns || gone >= maxMachineRuns;
  });
}

/** The scores of the runs that are settled, in the order in which they were begun first. */
export function scoresOf(contender: ContenderRecord): ContenderScores {
  return plannedRunsOf(contender).flatMap(({ settled }) => (settled ? [settled.result?.measurement?.value] : []));
}
