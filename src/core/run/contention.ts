/**
 * Whether the machine, not the candidate, may have made a run's score, or have made it train beyond its budget: then it is repeated
 * with the same seed and not judged.
 *
 * What other work took from the run is compared with what it took from the runs that the score would be judged against.
 * A candidate that is slower than the incumbent is not contended; a run that is slower than the candidate's earlier
 * ones is.
 */
import { countText, formatDuration } from '../base/format.ts';
import type { Contention, RunConditions } from '../journal/conditions.ts';
import { isCutShort } from '../journal/cut-short.ts';
import { agreesFinely, isFixedWork, isMachineProof } from '../journal/fixed-work.ts';
import { countedRuns, type ExperimentRecord, experimentOf, type History, type RunRecord } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { costlyDisturbance, disturbanceOf, maxDisturbed } from './pause.ts';

/** Share of its work that a run may lose beyond what is usual in this study: 5 % costs about a standard deviation. */
export const tolerance = 0.05;
/** A run is contended below this share of the speed of the candidate's slowest run; undisturbed runs differ by less. */
const minSpeed = 0.85;
/** Share of its time that a run's GPU may be throttled beyond what is usual in this study. */
const maxGpuThrottled = 0.1;
/** What a busy machine may add to a run's CPU seconds, however short the run. */
const burstSeconds = 0.5;
/** Repeats of a contended run; then it is judged as it is, so that a machine that is never free holds no study up. */
const maxRepeats = 3;

/** Why the run is contended and whether it is repeated; undefined for a run that may be judged. */
export function contentionOf(history: History, experiment: number, result: RunResult): Contention | undefined {
  const record = experimentOf(history, experiment);
  // A settled experiment is run again only to see what the machine is like now.
  if (isSettled(record) || isMachineProof(history) || agreesWithSlowed(history, record, result)) return undefined;
  return contentionAmong(history, record, result);
}

/** Whether a run of fixed work repeats a slowed one and has its score to the last digit: then the machine did nothing to it. */
function agreesWithSlowed(history: History, { runs }: ExperimentRecord, { measurement }: RunResult): boolean {
  const before = runs.findLast(({ result }) => result !== undefined)?.result;
  const isRepeat = before?.contention?.isRepeated === true && measurement !== undefined;
  return isRepeat && isFixedWork(history) && agreesFinely([before.measurement, measurement]);
}

/** A figure of a run's conditions. */
type Figure = Exclude<keyof RunConditions, 'shared'>;

/** The runs of one candidate, of which the one in question is the last. */
type Candidate = Pick<ExperimentRecord, 'runs'>;

/** The same for a run of a confirmation, which no verdict waits for. */
export function contentionAmong(history: History, record: Candidate, result: RunResult): Contention | undefined {
  if (!(result.measurement || result.isOverrun)) return undefined;
  const { conditions = {} } = result;
  const reason = reasonOf(history, record, conditions) ?? slightExcess(history, result);
  if (reason === undefined) return undefined;
  const isDisturbed = disturbanceOf([conditions]) !== undefined;
  return { reason, isRepeated: repeatsInARow(record) < (isDisturbed ? maxDisturbed : maxRepeats) };
}

function reasonOf(history: History, record: Candidate, conditions: RunConditions): string | undefined {
  const usual = usualConditions(history);
  const own = conditionsOf(countedRuns(record));
  const isWall = history.frozen.budgetClock === 'wall';
  // What runs of the study take from each other where the owner had them overlap is no other work.
  const isAlone = (conditions.shared ?? []).length === 0;
  return (
    (isWall ? costlyDisturbance(conditions, history.frozen.budgetSeconds) : undefined) ??
    (isWall ? lossOf(conditions, usual) : undefined) ??
    gpuTrouble(conditions, usual, own) ??
    (isAlone ? slowdown(conditions, own) : undefined)
  );
}

/** On a clock of CPU seconds a burst of other work, or a host that takes a core for a moment, is counted as the run's own. */
function slightExcess({ frozen }: History, { excessSeconds }: RunResult): string | undefined {
  if (frozen.budgetClock !== 'cpu' || excessSeconds === undefined || excessSeconds > burstSeconds) return undefined;
  return `it was ${formatDuration(excessSeconds)} of CPU time too long, as little as a busy machine can add`;
}

/** For a wall clock only: on a clock of CPU seconds, waiting for a processor costs nothing. */
function lossOf(conditions: RunConditions, usual: readonly RunConditions[]): string | undefined {
  const { shared = [] } = conditions;
  const lost = excess(conditions, usual, 'lostShare');
  if (lost > tolerance && !shared.includes('cores'))
    return `other work took ${percent(conditions.lostShare)} of the processor time it wanted`;
  const stolen = excess(conditions, usual, 'stolenShare');
  if (stolen > tolerance) return `the host took ${percent(conditions.stolenShare)} of its cores' time`;
  return undefined;
}

function gpuTrouble(
  conditions: RunConditions,
  usual: readonly RunConditions[],
  own: readonly RunConditions[],
): string | undefined {
  const { gpuOthers = 0, gpuMhz, shared = [] } = conditions;
  if (excess(conditions, usual, 'gpuOthers') >= 1) {
    return `its GPU was shared with ${countText(gpuOthers, 'other process', 'other processes')}`;
  }
  if (shared.includes('gpus')) return undefined;
  if (excess(conditions, usual, 'gpuThrottledShare') > maxGpuThrottled) {
    return `its GPU was slowed down, by heat or its power supply, ${percent(conditions.gpuThrottledShare)} of the time`;
  }
  const usualMhz = Math.min(...figures(own, 'gpuMhz'));
  if (gpuMhz !== undefined && Number.isFinite(usualMhz) && gpuMhz < minSpeed * usualMhz) {
    return `its GPU ran at ${gpuMhz} MHz, ${usualMhz} MHz in its earlier runs`;
  }
  return undefined;
}

function slowdown({ stepsPerSecond }: RunConditions, own: readonly RunConditions[]): string | undefined {
  const before = Math.min(...figures(own, 'stepsPerSecond'));
  if (stepsPerSecond === undefined || !Number.isFinite(before) || stepsPerSecond >= minSpeed * before) return undefined;
  return `it made ${format(stepsPerSecond)} steps a second, at least ${format(before)} in its earlier runs`;
}

/** The conditions of the runs that a score is judged against: baseline and incumbent, since the last drift if any. */
export function usualConditions(history: History): RunConditions[] {
  const numbers = new Set([0, history.incumbent]);
  const drift = history.drifts.at(-1);
  if (drift) numbers.add(drift.experiment);
  const runs = [...numbers].flatMap((number) => countedRuns(experimentOf(history, number)));
  const recent = runs.filter((run) => run.startedSeq > (drift?.seq ?? 0));
  return conditionsOf(recent.length > 0 ? recent : runs);
}

/** The median of a figure's values, the higher of two; undefined where no value is known. */
export function medianOf(conditions: readonly RunConditions[], key: Figure): number | undefined {
  const sorted = figures(conditions, key).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function isSettled({ verdict }: ExperimentRecord): boolean {
  return verdict !== undefined && verdict.decision !== 'rerun';
}

function conditionsOf(runs: readonly RunRecord[]): RunConditions[] {
  return runs.flatMap((run) => run.result?.conditions ?? []);
}

function figures(conditions: readonly RunConditions[], key: Figure): number[] {
  return conditions.flatMap((each) => each[key] ?? []);
}

/** How far a figure is above the median of the usual ones, which counts as 0 before the first run. */
function excess(conditions: RunConditions, usual: readonly RunConditions[], key: Figure): number {
  const figure = conditions[key];
  if (figure === undefined) return 0;
  return figure - (medianOf(usual, key) ?? 0);
}

/** Repeats since the last run that counted. */
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
