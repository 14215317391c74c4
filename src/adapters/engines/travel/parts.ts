/**
 * What an engine for jobs elsewhere is put together from: a scheduler, which starts commands on machines, and a ground, on which the
 * folders of jobs lie there.
 */
import type { Argv } from '../../../core/journal/settings/argv.ts';
import type { Job, JobKey } from '../../../ports/engine.ts';

/** A service or a connection cannot be asked now; nothing is known to be wrong with any job. Its message is a clause. */
export class Unreachable extends Error {}

/** What becomes of a request to start a job. */
export type Taken =
  | { readonly kind: 'taken'; readonly ref: string }
  /** Not now, as where a quota is used up; it is asked again. */
  | { readonly kind: 'later'; readonly why: string };

/** What a scheduler knows of a job. */
export type Look =
  /** `isUsual`: nothing that the owner need be told of. */
  | { readonly kind: 'waiting'; readonly why: string; readonly isUsual: boolean }
  | { readonly kind: 'running' }
  /** No process of it is left. `isOfEngine`: the scheduler or a machine ended it, and not what ran in it. */
  | { readonly kind: 'gone'; readonly why: string; readonly isOfEngine: boolean };

/** Starts commands on machines that it has. Every method throws `Unreachable` where it cannot be asked now. */
export interface Scheduler {
  /** Starts the command, which ends when the job has ended. Throws a SettingsError for what the owner must mend. */
  readonly submit: (job: Job, command: Argv, name: string) => Promise<Taken>;
  /** The job that an earlier request by this name started, if there is one. */
  readonly find: (name: string) => Promise<string | undefined>;
  /** By both, since a scheduler that lost its last minute gives a reference again, to a job of another name. */
  readonly look: (ref: string, name: string) => Promise<Look>;
  /** Asks the job's supervisor to end it, so that it can say how far it came; or ends it by force. */
  readonly end: (ref: string, how: 'asked' | 'forced', name: string) => Promise<void>;
}

/** How far a job has come, where its folder is. */
export interface Progress {
  readonly hasStarted: boolean;
  readonly hasEnded: boolean;
}

/** Where the folders of jobs lie. Every method throws `Unreachable` where it cannot be asked now. */
export interface Ground {
  /** Lays the job out, or finds that this was done; gives the command that becomes its supervisor. */
  readonly lay: (job: Job) => Promise<Argv>;
  /** Looks how far it is, and brings here what its logs have gained. */
  readonly look: (job: JobKey) => Promise<Progress>;
  /** Brings here all that it left; false where that did not come whole, and is to be tried again. */
  readonly bringHome: (job: Job) => Promise<boolean>;
  /** Removes what an earlier job of this folder left. */
  readonly forget: (job: JobKey) => Promise<void>;
}
