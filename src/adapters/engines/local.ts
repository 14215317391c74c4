/**
 * Runs jobs on this machine, each under a supervisor that outlives the controller and ends every process
 * of its job. What the supervisor wrote last is the truth; an engine started later finds a job by its folder.
 */
import { setTimeout } from 'node:timers/promises';
import { SettingsError } from '../../core/base/errors.ts';
import { isFullDiskText } from '../../core/base/full-disk.ts';
import type { Engine, Job, JobState } from '../../ports/engine.ts';
import { hasRoom } from '../files/has-room.ts';
import { contentOf } from '../files/read-json.ts';
import {
  cageFailureOf,
  forgetStart,
  type JobStart,
  localJobs,
  readJobEnd,
  readJobStart,
  runningStage,
  specPath,
  writeJobEnd,
  writeSpec,
} from './job-files.ts';
import { lost, neverStarted, pollUntilOver, spoiltResult } from './job-states.ts';
import { jobsHere } from './log-tail.ts';
import { findProcess } from './process-identity.ts';
import { lastLogLine, startSupervisor } from './supervisor-process.ts';
import type { SupervisorProcess } from './supervisor-starter.ts';
import { sweepMarked } from './sweep.ts';

interface LocalEngineOptions {
  /** The command that starts Python 3.8 or later, such as `python3`. */
  readonly python: string;
  /** How many jobs are to be in flight at once; default: one. */
  readonly slots?: number;
}

/** What this process knows of a job whose supervisor it started itself. */
interface Known {
  readonly supervisor: SupervisorProcess;
  /** As `started.json` said before the script could write over it. */
  readonly start: JobStart;
}

/** Time between two looks of a poll whether the job has ended: long where its end is told. */
const checkMilliseconds = 100;
const toldMilliseconds = 500;
/** Time between two looks of a submit whether the supervisor has written `started.json`. */
const startCheckMilliseconds = 2;
/** How long Node may take to report that a child exited. */
const exitMilliseconds = 1000;
/** How long a supervisor may take to end its job when it is asked to, before it is killed. */
const cancelMilliseconds = 1500;
/** How long we search for processes that the supervisor left behind, to kill them. */
const sweepMilliseconds = 2000;

/** The engine that runs jobs on this machine. */
export function createLocalEngine({ python, slots = 1 }: LocalEngineOptions): Engine {
  const known = new Map<string, Known>();

  async function submit(job: Job): Promise<void> {
    while (!(await localJobs.wasStarted(job))) {
      await forgetStart(job);
      await writeSpec(job);
      const supervisor = await startSupervisor(python, job);
      const start = await waitForStart(job, supervisor);
      if (start?.pid === supervisor.pid) known.set(job.folder, { supervisor, start });
      if (!start && supervisor.failure()) throw await cannotStart(job, supervisor);
    }
  }

  function poll(job: Job, waitSeconds: number): Promise<JobState> {
    const rest = (left: number) => {
      const gone = known.get(job.folder)?.supervisor.gone;
      return pause(Math.min(gone ? toldMilliseconds : checkMilliseconds, left), gone);
    };
    return pollUntilOver(waitSeconds, () => stateOf(job), rest);
  }

  async function stateOf(job: Job): Promise<JobState> {
    const start = await startOf(job);
    if (start && (await isSupervised(job, start))) {
      return { kind: 'running', elapsedSeconds: secondsSince(start), stage: await runningStage(job) };
    }
    const failure = await failureOf(job);
    const end = await readJobEnd(job);
    // A script that kills its supervisor could also write a result.
    if (end.kind === 'read' && !failure) {
      const notCaged = cageFailureOf(end);
      if (notCaged !== undefined && isFullDiskText(notCaged)) return lost(`no room to isolate it: ${notCaged}`);
      if (notCaged !== undefined) throw cannotEnter(job, notCaged);
      return { kind: 'ended', end: end.value };
    }
    const left = await sweepMarked(marksOf(job), sweepMilliseconds);
    const why = end.kind === 'malformed' ? spoiltResult : lossOf(start, failure);
    return lost(left.length > 0 ? `${why}; still there: process ${left.join(', ')}` : why);
  }

  /** How the supervisor failed. Only the controller that started it learns its exit code; any other gets undefined. */
  async function failureOf(job: Job): Promise<string | undefined> {
    const supervisor = known.get(job.folder)?.supervisor;
    if (supervisor) await pause(exitMilliseconds, supervisor.gone);
    return supervisor?.failure();
  }

  async function startOf(job: Job): Promise<JobStart | undefined> {
    return known.get(job.folder)?.start ?? contentOf(await readJobStart(job));
  }

  async function cancel(job: Job): Promise<void> {
    const start = await startOf(job);
    if (start && (await isSupervised(job, start))) {
      send(start.pid, 'SIGTERM');
      const state = await poll(job, cancelMilliseconds / 1000);
      if (state.kind === 'running') await endByForce(job, start);
    } else await sweepMarked(marksOf(job), sweepMilliseconds);
  }

  /** Kills a supervisor that does not react to SIGTERM, such as one that waits in the kernel for ever, and its job. */
  async function endByForce(job: Job, start: JobStart): Promise<void> {
    send(start.pid, 'SIGKILL');
    const left = await sweepMarked(marksOf(job), sweepMilliseconds);
    known.delete(job.folder);
    if (left.length === 0) await writeJobEnd(job, { ending: 'cancelled', stages: [], seconds: secondsSince(start) });
  }

  return {
    ...localJobs,
    ...jobsHere,
    slots,
    submit,
    poll,
    cancel,
  };
}

/** Resolves when the job can no longer be started twice; undefined when the supervisor ended without starting it. */
async function waitForStart(job: Job, supervisor: SupervisorProcess): Promise<JobStart | undefined> {
  for (;;) {
    const isLast = supervisor.gone.aborted;
    const start = contentOf(await readJobStart(job));
    if (start) return start;
    if (isLast) return undefined;
    await pause(startCheckMilliseconds, supervisor.gone);
  }
}

async function cannotStart(job: Job, supervisor: SupervisorProcess): Promise<SettingsError> {
  const said = await lastLogLine(job);
  // A full disk takes not even the line that says so.
  const full = isFullDiskText(said) || !(await hasRoom(job.folder));
  return new SettingsError(`The supervisor of run ${job.id} ended with ${supervisor.failure()}: ${said}`, {
    hint: `See supervisor.log in ${job.folder}.`,
    ...(full && { cause: new Error('no space left on device') }),
  });
}

function cannotEnter(job: Job, why: string): SettingsError {
  return new SettingsError(`Run ${job.id} could not be isolated, so it did not start: ${why}.`, {
    hint: 'Look what changed on this machine, and see `nocturne doctor`; then run again: nothing is held against the experiment.',
  });
}

/** Whether the supervisor runs. Resumes one that a script has SIGSTOPped, so that its time limit still counts. */
async function isSupervised(job: Job, start: JobStart): Promise<boolean> {
  const supervisor = await findProcess(start);
  // Otherwise a script could name any process in started.json, and a cancel would kill that one.
  if (!supervisor?.command.endsWith(specPath(job))) return false;
  if (supervisor.isStopped) send(start.pid, 'SIGCONT');
  return true;
}

/** The environment entries by which every process of the job is recognised. */
function marksOf(job: Job): string[] {
  const folders = job.stages.flatMap((stage) => stage.env.NOCTURNE_RUN_DIR ?? []);
  return [...new Set(folders)].map((folder) => `NOCTURNE_RUN_DIR=${folder}`);
}

function lossOf(start: JobStart | undefined, failure: string | undefined): string {
  if (!start) return neverStarted.reason;
  return failure ? `its supervisor ended with ${failure}` : 'its supervisor is gone and left no result';
}

/** On the clock that Python's `time.monotonic` reads too, where the system has one clock for all its processes, as Linux has. */
function secondsSince({ startedAt, monotonic }: JobStart): number {
  const now = Number(process.hrtime.bigint()) / 1e9;
  const isShared = process.platform === 'linux' && monotonic !== undefined;
  return Math.max(0, isShared ? now - monotonic : (Date.now() - Date.parse(startedAt)) / 1000);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

/** Waits, at most until the signal is aborted. */
async function pause(milliseconds: number, until?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, until ? { signal: until } : {}).catch(() => {});
}
