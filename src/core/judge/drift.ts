/**
 * Whether the machine has changed since the incumbent was measured, so that it must be run again before anything else
 * is compared with it.
 *
 * Only the state of the machine is compared, never the speed or the scores of other candidates. After the incumbent was
 * run again, that run's conditions are the usual ones.
 */

import type { RunConditions } from '../journal/conditions.ts';
import { isMachineProof } from '../journal/fixed-work.ts';
import { countedRuns, experimentOf, type History, type RunRecord } from '../journal/history.ts';
import { medianOf, tolerance, usualConditions } from '../run/contention.ts';

/** Runs in a row that must all show a quieter machine, or another clock, than the usual runs. */
const agreeingRuns = 3;
/** Share by which the processor's clock may change. */
const clockTolerance = 0.1;

/** Why the incumbent is to be run again; undefined when there is no reason. Asked between experiments. */
export function suspectDrift(history: History): string | undefined {
  // The score of equal work is the same on any machine.
  if (isMachineProof(history)) return undefined;
  const latest = latestRuns(history);
  const [newest] = latest;
  if (newest?.result?.contention) return `run after run is contended: ${newest.result.contention.reason}`;
  if (latest.length < agreeingRuns) return undefined;
  const now = latest.flatMap((run) => run.result?.conditions ?? []);
  const usual = usualConditions(history);
  return now.length < agreeingRuns ? undefined : (becameQuiet(history, usual, now) ?? changedClock(usual, now));
}

/** At most 3 counted runs, newest first, and none from before the last suspicion or before the incumbent's own. */
function latestRuns(history: History): readonly RunRecord[] {
  const suspected = history.drifts.at(-1)?.seq ?? 0;
  const found: RunRecord[] = [];
  for (let number = history.experiments.length - 1; number > 0 && found.length < agreeingRuns; number--) {
    const counted = [...countedRuns(experimentOf(history, number))].reverse();
    found.push(...counted.filter((run) => run.startedSeq > suspected));
    if (number === history.incumbent) break;
  }
  return found.slice(0, agreeingRuns);
}

/**
 * Whether the machine has become quiet: then every candidate looks better than an incumbent measured while it was busy.
 */
function becameQuiet(
  history: History,
  usual: readonly RunConditions[],
  now: readonly RunConditions[],
): string | undefined {
  if (history.frozen.budgetClock === 'wall') {
    const [was, is] = [medianOf(usual, 'lostShare') ?? 0, medianOf(now, 'lostShare') ?? 0];
    if (was - is > tolerance)
      return `other work took ${percent(was)} of the processor time, and takes ${percent(is)} now`;
  }
  const [was, is] = [medianOf(usual, 'gpuThrottledShare') ?? 0, medianOf(now, 'gpuThrottledShare') ?? 0];
  if (was - is > tolerance) return `the GPU was slowed down ${percent(was)} of the time, and is ${percent(is)} now`;
  const others = medianOf(usual, 'gpuOthers') ?? 0;
  return others > 0 && medianOf(now, 'gpuOthers') === 0 ? 'the GPU was shared, and is not any more' : undefined;
}

/** Compares the processor's clock only: a GPU's depends on what it computes. */
function changedClock(usual: readonly RunConditions[], now: readonly RunConditions[]): string | undefined {
  const [was, is] = [medianOf(usual, 'cpuMhz'), medianOf(now, 'cpuMhz')];
  if (was === undefined || is === undefined || Math.abs(is / was - 1) <= clockTolerance) return undefined;
  return `the processor ran at ${Math.round(was)} MHz, and runs at ${Math.round(is)} MHz now`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
