/**
 * Sorts a contender's runs into slots, the runs that were planned: each slot has one seed and ends with one result.
 */
import type { ContenderRecord } from '../journal/held-out.ts';
import { countedRuns, type RunRecord } from '../journal/history.ts';
import type { ContenderScores } from './compare-contenders.ts';

/** A lost run is repeated; a slot with this many lost runs counts as failed. */
const maxLostRuns = 3;
/** The same for runs whose machine went, which is hardly the contender's doing. */
const maxMachineRuns = 10;

export interface ContenderSlots {
  /** One run for each slot that is settled. */
  readonly settled: readonly RunRecord[];
  /** The seed of the unfinished slot, when an earlier run of it does not count. */
  readonly seed?: number;
}

/** The slots so far; a run in flight is in none. */
export function slotsOf(contender: ContenderRecord): ContenderSlots {
  const counted = new Set(countedRuns(contender));
  const settled: RunRecord[] = [];
  let lost = 0;
  let gone = 0;
  let seed: number | undefined;
  for (const run of contender.runs) {
    if (!run.result) continue;
    if (run.result.byMachine) gone += 1;
    else if (run.result.outcome === 'lost' && !run.result.gpu?.isSeen) lost += 1;
    if (counted.has(run) || lost >= maxLostRuns || gone >= maxMachineRuns) {
      settled.push(run);
      lost = 0;
      gone = 0;
      seed = undefined;
    } else seed = run.seed;
  }
  return seed === undefined ? { settled } : { settled, seed };
}

/** The scores of the settled slots, in their order. */
export function scoresOf(contender: ContenderRecord): ContenderScores {
  return slotsOf(contender).settled.map((run) => run.result?.measurement?.value);
}
