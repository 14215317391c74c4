/**
 * Whether the machine, not the candidate, may have made a run's score: then it is repeated with the same seed and not judged.
 *
 * It is asked what others took from the run, compared with what they took from the runs that its score would be judged
 * against. That a candidate is slower than the incumbent is never contention; that it is slower than itself is.
 */
import { countText } from '../base/format.ts';
import type { Contention, RunConditions } from '../journal/conditions.ts';
import { isCutShort } from '../journal/cut-short.ts';
import { countedRuns, type ExperimentRecord, experimentOf, type History, type RunRecord } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';

/** What a run may lose beyond what is usual in this study: a twentieth of the work costs about a standard deviation. */
export const tolerance = 0.05;
/** How much slower than its own slowest run a candidate may be; honest runs of one candidate differ by less. */
const slowest = 0.85;
const mostGpuThrottled = 0.1;
/** A machine that is never free must not hold the study up: then its runs are judged as they are, and that is said. */
const mostRepeats = 3;

/** Why the run is contended and whether it is repeated; undefined for a run that may be judged. */
export function contentionOf(history: History, experiment: number, result: RunResult): Contention | undefined {
  const record = experimentOf(history, experiment);
  // The incumbent is run again to see what the machine is like now.
  return isSettled(record) ? undefined : contentionAmong(history, record, result);
}

/** The runs of one candidate, of which the one in question is the last. */
type Candidate = Pick<ExperimentRecord, 'runs'>;

/** The same for a run that no verdict waits for. */
export function contentionAmong(history: History, record: Candidate, result: RunResult): Contention | undefined {
  if (!result.measurement || !result.conditions) return undefined;
  const reason = reasonOf(history, record, result.conditions);
  return reason === undefined ? undefined : { reason, isRepeated: repeatsInARow(record) < mostRepeats };
}

function reasonOf(history: History, record: Candidate, conditions: RunConditions): string | undefined {
  const usual = usualConditions(history);
  const own = conditionsOf(countedRuns(record));
  const isWall = history.frozen.budgetClock === 'wall';
  return (
    (isWall ? lossOf(conditions, usual) : undefined) ?? gpuTrouble(conditions, usual, own) ?? slowdown(conditions, own)
  );
}

/** On a clock of CPU seconds, waiting costs nothing. */
function lossOf(conditions: RunConditions, usual: readonly RunConditions[]): string | undefined {
  const lost = excess(conditions, usual, 'lostShare');
  if (lost > tolerance) return `other work took ${percent(conditions.lostShare)} of the processor time it wanted`;
  const stolen = excess(conditions, usual, 'stolenShare');
  if (stolen > tolerance) return `the host took ${percent(conditions.stolenShare)} of its cores' time`;
  return undefined;
}

function gpuTrouble(
  conditions: RunConditions,
  usual: readonly RunConditions[],
  own: readonly RunConditions[],
): string | undefined {
  const { gpuOthers = 0, gpuMhz } = conditions;
  if (excess(conditions, usual, 'gpuOthers') >= 1) {
    return `its GPU was shared with ${countText(gpuOthers, 'other process', 'other processes')}`;
  }
  if (excess(conditions, usual, 'gpuThrottledShare') > mostGpuThrottled) {
    return `its GPU was slowed down, by heat or its power supply, ${percent(conditions.gpuThrottledShare)} of the time`;
  }
  const usualMhz = Math.min(...figures(own, 'gpuMhz'));
  if (gpuMhz !== undefined && Number.isFinite(usualMhz) && gpuMhz < slowest * usualMhz) {
    return `its GPU ran at ${gpuMhz} MHz, ${usualMhz} MHz in its earlier runs`;
  }
  return undefined;
}

function slowdown({ stepsPerSecond }: RunConditions, own: readonly RunConditions[]): string | undefined {
  const before = Math.min(...figures(own, 'stepsPerSecond'));
  if (stepsPerSecond === undefined || !Number.isFinite(before) || stepsPerSecond >= slowest * before) return undefined;
  return `it made ${format(stepsPerSecond)} steps a second, at least ${format(before)} in its earlier runs`;
}

/** The conditions of the runs that a score is judged against: baseline and incumbent, as of the last drift if there was one. */
export function usualConditions(history: History): RunConditions[] {
  const numbers = new Set([0, history.incumbent]);
  const drift = history.drifts.at(-1);
  if (drift) numbers.add(drift.experiment);
  const runs = [...numbers].flatMap((number) => countedRuns(experimentOf(history, number)));
  const recent = runs.filter((run) => run.startedAt > (drift?.at ?? ''));
  return conditionsOf(recent.length > 0 ? recent : runs);
}

/** The middle one of a figure's values; undefined where it is never known. */
export function middleOf(conditions: readonly RunConditions[], key: keyof RunConditions): number | undefined {
  const sorted = figures(conditions, key).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function isSettled({ verdict }: ExperimentRecord): boolean {
  return verdict !== undefined && verdict.decision !== 'rerun';
}

function conditionsOf(runs: readonly RunRecord[]): RunConditions[] {
  return runs.flatMap((run) => run.result?.conditions ?? []);
}

function figures(conditions: readonly RunConditions[], key: keyof RunConditions): number[] {
  return conditions.flatMap((each) => each[key] ?? []);
}

/** How far a figure is above the middle one of the usual ones; nothing is usual before the first run, so it must be 0. */
function excess(conditions: RunConditions, usual: readonly RunConditions[], key: keyof RunConditions): number {
  const figure = conditions[key];
  if (figure === undefined) return 0;
  return figure - (middleOf(usual, key) ?? 0);
}

/** Repeats since the last run that counted: each run has its own. */
function repeatsInARow({ runs }: Candidate): number {
  let repeats = 0;
  for (const { result } of runs) {
    if (result?.contention?.isRepeated) repeats += 1;
    else if (result && !isCutShort(result)) repeats = 0;
  }
  return repeats;
}

function percent(share = 0): string {
  return `${Math.round(share * 100)} %`;
}

function format(rate: number): string {
  return String(Number(rate.toPrecision(3)));
}
