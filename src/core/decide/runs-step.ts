/**
 * What the experiments without a verdict need next, each by itself.
 */
import { isDeterministic, isFixedWork } from '../journal/fixed-work.ts';
import {
  countedRuns,
  type ExperimentRecord,
  experimentOf,
  type History,
  openRuns,
  type RunRecord,
  scorelessRun,
} from '../journal/history.ts';
import { isOrphan, isOvertaken } from '../judge/overtaken.ts';
import { gpuRuns, lostRuns, maxGpuRuns, maxLostRuns, mayRunAgain } from '../run/lost-runs.ts';
import { baselineSeeds, seedOf } from '../run/seed.ts';
import type { AwaitRun, Step } from './step.ts';

/** What there is to do for the experiments without a verdict. */
export interface RunsStep {
  /** Their runs in flight. */
  readonly awaited: readonly AwaitRun[];
  /** What needs no slot. */
  readonly atOnce: readonly Step[];
  /** What needs a slot and belongs to an experiment that has run: a repetition, before anything new. */
  readonly due: readonly Step[];
  /** The same of experiments that have yet to run. */
  readonly waiting: readonly Step[];
}

/** What each experiment without a verdict needs next. */
export function runsOf(history: History): RunsStep {
  const work: Work = { awaited: [], atOnce: [], due: [], waiting: [] };
  for (const experiment of history.unsettled) {
    const record = experimentOf(history, experiment);
    const inFlight = openRuns(record);
    work.awaited.push(...inFlight.map((run) => awaitRun(record, run)));
    if (experiment === 0) addBaseline(work, history, record, inFlight.length);
    else if (inFlight.length === 0) add(work, history, record);
  }
  return work;
}

type Work = { readonly [Key in keyof RunsStep]: RunsStep[Key][number][] };

function add(work: Work, history: History, record: ExperimentRecord): void {
  const { experiment, candidate, runs } = record;
  if (runs.length === 0 && isOvertaken(history, record)) work.atOnce.push({ kind: 'reapply', experiment });
  else if (!candidate) work.atOnce.push({ kind: 'commit-candidate', experiment });
  else if (!needsRun(history, record)) work.atOnce.push({ kind: 'give-verdict', experiment });
  else if (gpuRuns(history, record) >= maxGpuRuns) work.atOnce.push(gpuStop(record));
  else work[runs.length === 0 ? 'waiting' : 'due'].push(startRun(history, record));
}

/** The baseline's seeds are known beforehand, so its runs need not wait for each other. */
function addBaseline(work: Work, history: History, record: ExperimentRecord, inFlight: number): void {
  const { experiment, candidate } = record;
  const failure = hopelessRun(history, record);
  if (!candidate) work.atOnce.push({ kind: 'commit-candidate', experiment });
  else if (failure) work.atOnce.push(giveUp(failure));
  else if (!needsRun(history, record)) work.atOnce.push({ kind: 'give-verdict', experiment });
  else if (gpuRuns(history, record) >= maxGpuRuns) work.atOnce.push(gpuStop(record));
  else {
    const missing = baselineSeeds.length - countedRuns(record).length - inFlight;
    for (let more = 0; more < missing; more++) work.due.push(startRun(history, record, more));
  }
}

/** Waits for a run in flight. */
export function awaitRun({ experiment }: ExperimentRecord, { run, seed, slot }: RunRecord): AwaitRun {
  return { kind: 'await-run', experiment, run, seed, ...(slot === undefined ? {} : { slot }) };
}

/** The experiment's next run; `besides` counts those that are about to be started before it. */
export function startRun(history: History, record: ExperimentRecord, besides = 0): Step {
  const { experiment, runs } = record;
  return { kind: 'start-run', experiment, run: runs.length + 1 + besides, seed: nextSeed(history, record, besides) };
}

/** A run that says nothing is repeated with its seed. Those of the baseline, which may run side by side, end in any order. */
function nextSeed({ study }: History, { experiment, runs }: ExperimentRecord, besides: number): number {
  if (experiment > 0) return seedOf(study, experiment, countedRuns({ runs }).length + 1);
  const used = runs.filter((run) => !run.result || !run.isVoid).map(({ seed }) => seed);
  const free = baselineSeeds.filter((seed) => !used.includes(seed));
  return free[besides] ?? seedOf(study, experiment, countedRuns({ runs }).length + 1);
}

function giveUp({ result }: RunRecord): Step {
  const { outcome, reason = '', evidence = '' } = result ?? {};
  return { kind: 'give-up', reason, evidence, ...(outcome === 'timed-out' ? { isTimedOut: true as const } : {}) };
}

function gpuStop({ experiment }: ExperimentRecord): Step {
  const name = experiment === 0 ? 'the baseline' : `experiment ${experiment}`;
  const detail = `the GPU ended ${maxGpuRuns} runs of ${name}; when it is well, run the study again to go on`;
  return { kind: 'stop', reason: 'paused', detail };
}

/** The run that shows that the baseline does not run; one without any score cannot be judged. */
function hopelessRun(history: History, record: ExperimentRecord): RunRecord | undefined {
  const lost = lostRuns(history, record);
  const isHopeless = countedRuns(record).length === 0 && lost.length >= maxLostRuns;
  return scorelessRun(record) ?? (isHopeless ? lost.at(-1) : undefined);
}

function needsRun(history: History, record: ExperimentRecord): boolean {
  const counted = countedRuns(record).length;
  if (!mayRunAgain(history, record)) return false;
  // What stood on a keep that was taken out is tried again on another one, if it has any score.
  if (counted > 0 && isOrphan(history, record)) return false;
  if (record.experiment === 0) return counted < baselineSeeds.length && !isSettledByTwo(history, record);
  return counted === 0 || (record.verdict?.decision === 'rerun' && counted === record.judgedRuns);
}

/** Two runs of fixed work that agree to the last digit show that a third seed would not differ either. */
function isSettledByTwo(history: History, record: ExperimentRecord): boolean {
  return countedRuns(record).length === 2 && isFixedWork(history) && isDeterministic(history);
}
