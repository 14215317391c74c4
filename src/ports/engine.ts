/**
 * Where runs execute.
 *
 * Every method is safe to call twice with one id, and from a process started after the one that submitted: a job is found
 * again by its folder, and forgotten once that folder is removed. The time limit holds also while no controller runs.
 * What an engine keeps in the folder to know its jobs and their logs is its own: nothing else reads it but through these
 * methods. Nothing that a job does makes a method reject. A stage whose cage cannot be entered did nothing: `poll` rejects with a
 * ResearchError, and the job then counts as not started, so that it can be laid out and submitted again.
 */

import type { MachineConditions } from '../core/journal/conditions.ts';
import type { Argv } from '../core/journal/settings/argv.ts';
import type { Cage } from './isolation.ts';

/** One process of a job. Stages run in order; the next starts only when the one before exited 0, or was ended after its `endSeconds`, and left no process behind. */
export interface Stage {
  readonly name: 'prepare' | 'train' | 'score';
  readonly argv: Argv;
  /** Absolute working directory. */
  readonly folder: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Files, from the folder, of which the end is to say whether any process opened them. */
  readonly watched?: readonly string[];
  /** A regular expression, of the kind that Python and JavaScript share: when output like it came is to be said at the end. */
  readonly noted?: string;
  /** Wall seconds after which it is asked to end, as by Ctrl-C, and soon ended; that is then no failure, whatever it exits with. */
  readonly endSeconds?: number;
  /** What it may reach; without one it has the rights of the controller. */
  readonly cage?: Cage;
}

/** A folder or file that no stage of a job may change, with what it held before the job. */
export interface SealedPlace {
  /** Absolute. */
  readonly place: string;
  /** Path below it, `''` for itself -> SHA-256 of the content, `-> TARGET` of a link, or null where only a change is to be seen. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Whether nothing may be added to it. */
  readonly isWhole: boolean;
  /** Names, such as `*.pth`, that may not be added right below it, where others may. */
  readonly added?: readonly string[];
  /**
   * When content is read: only of files that `lstat` says were written to; always, because scores depend on it; or always, and that
   * of what links lead to as well.
   */
  readonly content: 'written' | 'always' | 'through-links';
}

/** What of the machine a job has, where other jobs run beside it. */
export interface Share {
  /** The numbers of the processors that it is kept to; absent: any. */
  readonly processors?: readonly number[];
  /** What the study's other jobs have a part of too, as the owner asked: they are then no strangers to it. */
  readonly shared?: readonly ('cores' | 'gpus')[];
  /** The folder of these jobs, absolute. */
  readonly among?: string;
}

export interface Job {
  /** Our own key, such as `0007/run-1`; submitting the same id twice starts one job. */
  readonly id: string;
  /** Absolute folder of its own, on this machine, that stays through restarts of the controller. */
  readonly folder: string;
  readonly stages: readonly Stage[];
  /** Hard wall limit for all stages together, seconds; the time for which the machine stood still is not counted. */
  readonly limitSeconds: number;
  /** Looked at before the scorer starts, which it does only where all is as it was, and when the job ends. */
  readonly sealed?: readonly SealedPlace[];
  /** Whether the scorer starts all the same, as for a script of the owner's own. */
  readonly mayChange?: boolean;
  /** Its part of the machine; without one it has all of it. */
  readonly share?: Share;
  /** Set where its end is to say where it ran; `device` is what it trains on, where that is known before. */
  readonly where?: { readonly device?: string };
}

/** What a job is known by: enough to ask about it, not to start it. */
export type JobKey = Pick<Job, 'id' | 'folder'>;

/** A moment of a stage: the seconds since it began, and the processor seconds that it had used. */
export interface Arrival {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** How one stage's process ended. */
export interface StageEnd {
  readonly name: Stage['name'];
  /** Exit code, or null when a signal ended it. */
  readonly exitCode: number | null;
  /** Signal name such as `SIGKILL`, or null. */
  readonly signal: string | null;
  readonly seconds: number;
  /** Processor seconds of all its processes, waited for or not, as far as the system tells. */
  readonly cpuSeconds: number;
  /** What the machine did to it meanwhile, as far as that can be seen there. */
  readonly conditions?: MachineConditions | undefined;
  /** When the first and the last output came that looks as `noted` says. */
  readonly progress?: { readonly first: Arrival; readonly last: Arrival } | undefined;
  /** The most memory that its processes held together, MiB; what they share counts once. */
  readonly peakMemoryMb?: number | undefined;
  /** The same on GPUs, where it computed on one. */
  readonly peakGpuMemoryMb?: number | undefined;
  /** The watched files that a process of any kind opened meanwhile; absent where that cannot be known. */
  readonly opened?: readonly string[] | undefined;
  /** Whether it was asked to end because its `endSeconds` were over. */
  readonly atBudget?: boolean | undefined;
  /** Why its cage could not be entered; nothing of it has run then. Only an engine sees this: `poll` rejects. */
  readonly cageFailure?: string | undefined;
}

/** How a job ended. `deadline` and `cancelled` say that the engine ended it before its stages did. */
export interface JobEnd {
  readonly ending: 'exited' | 'deadline' | 'cancelled';
  readonly stages: readonly StageEnd[];
  readonly seconds: number;
  /** Sealed paths, absolute, that differed when the scorer was to start, or at the end where none was. */
  readonly changed?: readonly string[] | undefined;
  /** Sealed paths whose content is read always that were written to while the scorer ran. */
  readonly touched?: readonly string[] | undefined;
  /** The name of the machine, and what it trained on there, as its supervisor saw it. */
  readonly where?: { readonly node: string; readonly device: string } | undefined;
}

export type JobState =
  | {
      readonly kind: 'queued';
      /** What it waits for, as a clause for the owner: `Slurm says: Priority`. */
      readonly why?: string | undefined;
      /** Set where nobody answers, so that it is not known whether anything waits: a cluster that is down, or an address of none. */
      readonly isUnheard?: true;
    }
  | {
      readonly kind: 'running';
      readonly elapsedSeconds: number;
      /** The stage that runs now; absent before the first and between two. */
      readonly stage?: Stage['name'] | undefined;
    }
  | { readonly kind: 'ended'; readonly end: JobEnd }
  /** Ended without a result: the machine went down, or the job's supervisor was killed. No process of it is left. */
  | {
      readonly kind: 'lost';
      readonly reason: string;
      /** Set where the machine went, as the service that runs it says: nothing that the job could have done. */
      readonly byMachine?: true;
    };

/** Asks about jobs from any process, also while another one runs them; starts and ends none. */
export interface JobReader {
  /** Whether the job was ever submitted, however it ended. */
  readonly wasStarted: (job: JobKey) => Promise<boolean>;
  /** The last `maxBytes` of a stage's log as far as it is written; an absent log is empty. */
  readonly readLogEnd: (job: JobKey, stage: Stage['name'], maxBytes: number) => Promise<string>;
}

export interface Engine extends JobReader {
  /** How many jobs may be in flight at once. */
  readonly slots: number;
  /** Starts the job, or finds it when it was started before. Resolves once it cannot be started twice any more. */
  readonly submit: (job: Job) => Promise<void>;
  /**
   * Asks the service behind the engine whether it is there, before a first study is left to it; absent where there is none. Rejects with
   * a SettingsError where it is not: later it is waited for, but now an address is more likely wrong.
   */
  readonly greet?: () => Promise<void>;
  /** The job's state. Waits until it ends, but for `waitSeconds` at the most; 0 asks and returns at once. */
  readonly poll: (job: Job, waitSeconds: number) => Promise<JobState>;
  /** The text of a stage's log from a byte on, at most 64 KiB, and where to go on; an absent log is empty. */
  readonly tail: (job: JobKey, stage: Stage['name'], fromByte: number) => Promise<{ text: string; next: number }>;
  /** Ends the job with all its processes; resolves when none is left. The job's end is then `cancelled`, if it had not ended. */
  readonly cancel: (job: Job) => Promise<void>;
  /** Brings the job's outputs into its folder; nothing to do where the job ran there. */
  readonly collect: (job: Job) => Promise<void>;
  /**
   * Gives back what the engine holds for the study, such as a rented machine, at every end of a session. Never rejects: what cannot
   * be given back is told, and noted on disk for the next start.
   */
  readonly close?: () => Promise<void>;
  /** The same by a process that outlives this one, because this one is about to exit; returns at once. */
  readonly abandon?: () => void;
}
