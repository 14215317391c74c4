/**
 * Whether the incumbent's gain is to be doubted: one run measured it, so large that no other seemed needed, and nothing after it
 * was better.
 *
 * A candidate may be far noisier than those that sigma was learned from, as one that trains at the edge of what is stable. A lucky run
 * of it is kept, and what comes after looks worse than it is. To run each large gain twice at once would cost a script that was never
 * tuned many runs; while gains follow each other nothing is lost by waiting, and in a drought it is one run in nine.
 */
import { countedRuns, type ExperimentRecord, experimentOf, type History, valuesOf } from '../journal/history.ts';
import { measuredGain } from '../journal/measured-gain.ts';
import { isNoiseless, pooledNoise } from '../journal/noise.ts';

/** In sigma of one run: a gain that the `value` policy takes for real at once, whatever it has learned. */
const largeGain = 5;
/** Experiments in a row that were measured on the incumbent and not kept. */
const longDrought = 8;

/** What is known of an incumbent: its gain when it was kept, in sigma, its runs that count, and the misses since then. */
export interface Standing {
  readonly gain: number;
  readonly runs: number;
  readonly misses: number;
}

/** Whether this incumbent is run again before the next proposal. */
export function isDoubtful({ gain, runs, misses }: Standing): boolean {
  return runs === 1 && misses >= longDrought && gain > largeGain;
}

/** Why the incumbent is to be run again; undefined when there is no reason, and under a policy that decides by one run. */
export function doubtGain(history: History): string | undefined {
  const { incumbent, session, doubts } = history;
  const record = experimentOf(history, incumbent);
  if (session.policy !== 'value' || incumbent === 0 || countedRuns(record).length !== 1) return undefined;
  // Once for each incumbent: its second run may be lost, or give no score.
  if (doubts.at(-1)?.experiment === incumbent || isNoiseless(history)) return undefined;
  const misses = missesOn(history, record);
  if (misses < longDrought) return undefined;
  const { sigma } = pooledNoise(history) ?? {};
  const measured = measuredGain(history, record, undefined);
  if (sigma === undefined || measured === undefined) return undefined;
  if (!isDoubtful({ gain: measured.gain / sigma, runs: 1, misses })) return undefined;
  return `one run measured its gain, and none of ${misses} experiments since then was kept`;
}

/** Experiments that were measured against this incumbent and not kept. */
function missesOn({ settled, experiments }: History, { experiment }: ExperimentRecord): number {
  const since = settled.slice(settled.lastIndexOf(experiment) + 1);
  return since.filter((number) => {
    const record = experiments[number];
    return record?.parent === experiment && valuesOf(record).length > 0;
  }).length;
}
