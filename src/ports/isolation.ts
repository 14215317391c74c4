/**
 * What keeps the code of a run from the rest of the machine.
 *
 * A cage is plain data: the engine passes it on to the supervisor, whose child enters it before the stage's program starts
 * (`src/python/cage/`). How it is entered on this machine, its rung, is found once by trying; what a stage may reach is said for
 * each stage.
 */

import type { Tier } from '../core/base/names.ts';

/** How a cage is entered on this machine: what was found to work, and what every stage reads there. */
export interface Rung {
  readonly tier: Exclude<Tier, 'none'>;
  /** The user, and the group of the same number, that a stage runs as; absent where it stays the controller's. */
  readonly uid?: number;
  /** The one capability that it keeps, where the interpreter lies below a folder that is closed to other users. */
  readonly keeps?: 'CAP_DAC_READ_SEARCH' | 'CAP_DAC_OVERRIDE';
  /** Whether /tmp and /dev/shm are the stage's own, by mounts in a namespace of its own. */
  readonly mounts?: boolean;
  /** The path of bubblewrap, where it starts the stage. */
  readonly bubblewrap?: string;
  /** Where the interpreter's packages of one user lie, which it would look for below the stage's home. */
  readonly userBase?: string;
  /** What enters the cage, compiled for the study's Python: no run need compile it anew. */
  readonly code?: { readonly path: string; readonly digest: string };
  /** Absolute folders and files of the system, the interpreter and this program that every stage reads; all are there. */
  readonly system: readonly string[];
}

/** What one stage may reach; whatever is named here must be there when the stage starts, or the cage cannot be entered. */
export interface Cage {
  readonly rung: Rung;
  /** Absolute folders, with all below them, and files that it reads, besides those of the rung. */
  readonly read: readonly string[];
  /** Further ones that it reads where they are there when it starts, such as other disks of the machine. */
  readonly around?: readonly string[];
  /** Absolute folders, with all below them, and files that it reads and writes. */
  readonly write: readonly string[];
  /** Files below `write` that stay as they are; what else is there when the stage starts becomes the stage's own. */
  readonly fixed?: readonly string[];
  /** A folder, absolute and not there yet, that is the stage's home while it runs (`homeVariables`), and then removed. */
  readonly home: string;
  /** Links that the home begins with: path in it -> what the link leads to, absolute; a small file is copied. */
  readonly homeLinks?: Readonly<Record<string, string>>;
  /** Whether it may reach other machines. */
  readonly network: boolean;
}

/** What was found to keep a run from the rest of the machine. */
export interface Isolation {
  readonly tier: Tier;
  /** Absent for `none`. */
  readonly rung?: Rung;
  /** The probes that get through, by name. */
  readonly open: readonly string[];
  /** Why it is no higher tier, in one sentence; empty at the highest. */
  readonly whyNotHigher: string;
}
