/**
 * What to do next, as one pure function of the history.
 *
 * Starting, resuming after a crash, repeating a run and going on are all this one path: the loop performs the step,
 * journals it, and asks again.
 */
import { isDeterministic, isFixedWork } from '../journal/fixed-work.ts';
import {
  countedRuns,
  currentGpuPause,
  type ExperimentRecord,
  experimentOf,
  type History,
  type RunRecord,
  scorelessRun,
} from '../journal/history.ts';
import type { Moment } from '../journal/live-time.ts';
import { dueRepetition, suspectDrift } from '../judge/drift.ts';
import { type UnreportedGuard, unreportedGuard } from '../judge/guards.ts';
import { gpuRuns, lostRuns, maxGpuRuns, maxLostRuns, mayRunAgain } from '../run/lost-runs.ts';
import { baselineSeeds, seedOf } from '../run/seed.ts';
import { hoursStop, type Stop, stopOf, timeStop } from './stopping.ts';

export type Step =
  /** Ask the researcher for this experiment's proposal. */
  | { readonly kind: 'propose'; readonly experiment: number; readonly attempt: number }
  | { readonly kind: 'commit-candidate'; readonly experiment: number }
  | { readonly kind: 'start-run'; readonly experiment: number; readonly run: number; readonly seed: number }
  | { readonly kind: 'await-run'; readonly experiment: number; readonly run: number; readonly seed: number }
  | { readonly kind: 'give-verdict'; readonly experiment: number }
  /** The GPU was lost or filled: wait until it can be used again. */
  | { readonly kind: 'await-gpu' }
  | { readonly kind: 'move-branch'; readonly experiment: number }
  /** Say that the machine may have changed; the incumbent's next run then follows. */
  | { readonly kind: 'suspect-drift'; readonly experiment: number; readonly run: number; readonly reason: string }
  /** The baseline does not run, so there is nothing to compare with. */
  | {
      readonly kind: 'give-up';
      readonly reason: string;
      readonly evidence: string;
      /** Whether its time limit ended it. */
      readonly isTimedOut?: true;
    }
  /** The baseline does not report a guard's metric, so nothing could ever be kept. */
  | { readonly kind: 'refuse-guard'; readonly guard: UnreportedGuard }
  | ({ readonly kind: 'stop' } & Stop);

/** The one thing to do now. `now` is for the rule on hours. */
export function nextStep(history: History, now: Moment): Step {
  if (currentGpuPause(history)) return hoursStep(history, now) ?? { kind: 'await-gpu' };
  const last = history.experiments.length - 1;
  const record = experimentOf(history, last);
  if (!isSettled(record)) return stepOf(history, record);
  if (!record.isBranchMoved && record.kept) return { kind: 'move-branch', experiment: last };
  const due = dueRepetition(history);
  if (due?.inFlight) return awaitRun(due.record, due.inFlight);
  // What the owner hands in is wanted whatever the rules say, but for the time that it takes.
  const stop = history.handedIn.length > 0 ? timeStop(history, now) : stopOf(history, now);
  if (stop) return { kind: 'stop', ...stop };
  if (due) return startRun(history, due.record);
  const reason = suspectDrift(history);
  if (reason !== undefined) return suspicion(history, reason);
  const guard = unreportedGuard(history);
  if (guard) return { kind: 'refuse-guard', guard };
  return { kind: 'propose', experiment: last + 1, attempt: history.refusedInARow };
}

/** A study that waits for its GPU does not outlast its own time limit. */
function hoursStep(history: History, now: Moment): Step | undefined {
  const stop = hoursStop(history, now);
  return stop && { kind: 'stop', ...stop };
}

function isSettled(record: ExperimentRecord): boolean {
  return record.verdict !== undefined && record.verdict.decision !== 'rerun';
}

function stepOf(history: History, record: ExperimentRecord): Step {
  const { experiment } = record;
  if (!record.candidate) return { kind: 'commit-candidate', experiment };
  const inFlight = record.runs.find((run) => !run.result);
  if (inFlight) return awaitRun(record, inFlight);
  const failure = experiment === 0 ? hopelessRun(history, record) : undefined;
  if (failure) {
    const { outcome, reason = '', evidence = '' } = failure.result ?? {};
    return { kind: 'give-up', reason, evidence, ...(outcome === 'timed-out' ? { isTimedOut: true as const } : {}) };
  }
  const guard = experiment === 0 ? unreportedGuard(history) : undefined;
  if (guard) return { kind: 'refuse-guard', guard };
  if (!needsRun(history, record)) return { kind: 'give-verdict', experiment };
  if (gpuRuns(history, record) < maxGpuRuns) return startRun(history, record);
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
  if (record.experiment === 0) return counted < baselineSeeds.length && !isSettledByTwo(history, record);
  return counted === 0 || (record.verdict?.decision === 'rerun' && counted === record.judgedRuns);
}

/** Two runs of fixed work that agree to the last digit show that a third seed would not differ either. */
function isSettledByTwo(history: History, record: ExperimentRecord): boolean {
  return countedRuns(record).length === 2 && isFixedWork(history) && isDeterministic(history);
}

function suspicion(history: History, reason: string): Step {
  const { experiment, runs } = experimentOf(history, history.incumbent);
  return { kind: 'suspect-drift', experiment, run: runs.length + 1, reason };
}

function awaitRun({ experiment }: ExperimentRecord, { run, seed }: RunRecord): Step {
  return { kind: 'await-run', experiment, run, seed };
}

function startRun(history: History, record: ExperimentRecord): Step {
  const { experiment } = record;
  const seed = seedOf(history.study, experiment, countedRuns(record).length + 1);
  return { kind: 'start-run', experiment, run: record.runs.length + 1, seed };
}
