/**
 * Whether the machine has changed since the incumbent was measured, so that it must be run again before anything else is
 * compared with it.
 *
 * Only what the machine does is compared, never how fast or good other candidates are. After the incumbent was run again, that
 * run's conditions are the usual ones.
 */

import type { RunConditions } from '../journal/conditions.ts';
import { countedRuns, type ExperimentRecord, experimentOf, type History, type RunRecord } from '../journal/history.ts';
import { medianOf, tolerance, usualConditions } from '../run/contention.ts';

/** So many runs in a row must agree that the machine is better, or clocked otherwise, than it was. */
const agreeing = 3;
const clockTolerance = 0.1;
/** A run that vanishes or is cancelled each time must not hold the study up. */
const mostAttempts = 4;

/** Why the incumbent is to be run again; undefined when there is no reason. Asked between experiments. */
export function suspectDrift(history: History): string | undefined {
  const latest = latestRuns(history);
  const [newest] = latest;
  if (newest?.result?.contention) return `run after run is contended: ${newest.result.contention.reason}`;
  if (latest.length < agreeing) return undefined;
  const now = latest.flatMap((run) => run.result?.conditions ?? []);
  const usual = usualConditions(history);
  return now.length < agreeing ? undefined : (easing(history, usual, now) ?? clocking(usual, now));
}

/** The incumbent whose repetition is due, if any, and whether a run of it is going. */
export function dueRepetition(
  history: History,
): { record: ExperimentRecord; inFlight: RunRecord | undefined } | undefined {
  const drift = history.drifts.at(-1);
  if (!drift || drift.experiment !== history.incumbent) return undefined;
  const record = experimentOf(history, drift.experiment);
  const runs = record.runs.filter(({ run }) => run >= drift.run);
  const inFlight = runs.find((run) => !run.result);
  const isDone = runs.some((run) => run.result && !run.isVoid) || runs.length >= mostAttempts;
  return inFlight || !isDone ? { record, inFlight } : undefined;
}

/** The newest counted runs first, none older than the last suspicion or the incumbent's own. */
function latestRuns(history: History): readonly RunRecord[] {
  const suspected = history.drifts.at(-1)?.at ?? '';
  const found: RunRecord[] = [];
  for (let number = history.experiments.length - 1; number > 0 && found.length < agreeing; number--) {
    const counted = [...countedRuns(experimentOf(history, number))].reverse();
    found.push(...counted.filter((run) => run.startedAt > suspected));
    if (number === history.incumbent) break;
  }
  return found.slice(0, agreeing);
}

/** A machine that has become quiet makes every candidate look better than an incumbent that was measured while it was busy. */
function easing(history: History, usual: readonly RunConditions[], now: readonly RunConditions[]): string | undefined {
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

/** A GPU's clock depends on what it computes; a processor's hardly does. */
function clocking(usual: readonly RunConditions[], now: readonly RunConditions[]): string | undefined {
  const [was, is] = [medianOf(usual, 'cpuMhz'), medianOf(now, 'cpuMhz')];
  if (was === undefined || is === undefined || Math.abs(is / was - 1) <= clockTolerance) return undefined;
  return `the processor ran at ${Math.round(was)} MHz, and runs at ${Math.round(is)} MHz now`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
