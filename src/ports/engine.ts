/**
 * Where runs execute.
 *
 * Every method is safe to call twice with one id, and from a process started after the one that submitted: a job is found
 * again by its folder. A wrapper inside the job enforces the time limit and writes `result.json` atomically last; that
 * file, not the engine's opinion, is the truth. Nothing that a job does makes a method reject.
 */

import type { MachineConditions } from '../core/journal/conditions.ts';
import type { Argv } from '../core/journal/settings/argv.ts';

/** One process of a job. Stages run in order; the next starts only when the one before exited 0 and left no process behind. */
export interface Stage {
  readonly name: 'prepare' | 'train' | 'score';
  readonly argv: Argv;
  /** Absolute working directory. */
  readonly folder: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Job {
  /** Our own key, such as `0007/run-1`; submitting the same id twice starts one job. */
  readonly id: string;
  /** Absolute folder for `<stage>.log`, `started.json` and `result.json`; survives restarts of the controller. */
  readonly folder: string;
  readonly stages: readonly Stage[];
  /** Hard wall limit for all stages together, seconds. */
  readonly limitSeconds: number;
}

/** How one stage's process ended. */
export interface StageEnd {
  readonly name: Stage['name'];
  /** Exit code, or null when a signal ended it. */
  readonly exitCode: number | null;
  /** Signal name such as `SIGKILL`, or null. */
  readonly signal: string | null;
  readonly seconds: number;
  /** User and system seconds of the stage's processes that were waited for. */
  readonly cpuSeconds: number;
  /** What the machine did to it meanwhile, as far as that can be seen there. */
  readonly conditions?: MachineConditions | undefined;
}

/** What `result.json` says. `deadline` and `cancelled` name who ended the job when no stage did by itself. */
export interface JobEnd {
  readonly ending: 'exited' | 'deadline' | 'cancelled';
  readonly stages: readonly StageEnd[];
  readonly seconds: number;
}

export type JobState =
  | { readonly kind: 'queued' }
  | { readonly kind: 'running'; readonly elapsedSeconds: number }
  | { readonly kind: 'ended'; readonly end: JobEnd }
  /** Ended without a result: the machine went down, or somebody killed the wrapper. No process of it is left. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface Engine {
  /** How many jobs may be in flight at once. */
  readonly slots: number;
  /** Starts the job, or finds it when it was started before. Resolves once it cannot be started twice any more. */
  readonly submit: (job: Job) => Promise<void>;
  /** The job's state. Waits until it ends, but for `waitSeconds` at the most; 0 asks and returns at once. */
  readonly poll: (job: Job, waitSeconds: number) => Promise<JobState>;
  /** The text of a stage's log from a byte on, at most 64 KiB, and where to go on; an absent log is empty. */
  readonly tail: (job: Job, stage: Stage['name'], fromByte: number) => Promise<{ text: string; next: number }>;
  /** Ends the job with all its processes; resolves when none is left. The job's end is then `cancelled`, if it had not ended. */
  readonly cancel: (job: Job) => Promise<void>;
  /** Brings the job's outputs into its folder; nothing to do where the job ran there. */
  readonly collect: (job: Job) => Promise<void>;
}
