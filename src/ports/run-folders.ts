/**
 * The folders that runs execute in: laid out clean before, read after, emptied when the verdict is given.
 */
import type { Split } from '../core/journal/held-out-entries.ts';
import type { Import } from '../core/run/what-ran.ts';
import type { Job } from './engine.ts';

export interface RunKey {
  readonly experiment: number;
  readonly run: number;
  readonly seed: number;
  /** The candidate's commit. */
  readonly commit: string;
  /** Set for a run that confirms: `run` then counts the runs of this contender. */
  readonly confirmation?: { readonly confirmation: number; readonly contender: string };
  /** Training budget, where it is not the study's; the time limit grows with it. */
  readonly budgetSeconds?: number | undefined;
  /** Time limit of a run at the study's own budget, where it is not the brief's. */
  readonly limitSeconds?: number;
  /** Which of the study's slots it has, from 0 on; absent where there is one. */
  readonly slot?: number;
  /** What the scorer grades on; default: validation. */
  readonly split?: Split;
}

/** What an ended run left behind, as raw text; absent files are undefined. */
export interface RunOutputs {
  /** The end of the training log, at most 1 MiB. */
  readonly trainLog: string;
  /** The end of the scorer's own output; undefined when the brief has no scorer or it never ran. */
  readonly scoreLog: string | undefined;
  /** `metrics.json` of the run folder, at most 1 MiB. */
  readonly metricsJson: string | undefined;
  /** The end of the file that the brief names for its metric, at most 1 MiB; undefined when the run did not write it. */
  readonly metricFile?: string | undefined;
  /** Names the fixed file or data that is not as it was before the run; such a run is void. */
  readonly changed: string | undefined;
  /** The same where runs beside it may have done it: which of them, nobody knows. */
  readonly doubtful?: string | undefined;
  /** By stage, what its Python processes imported that bears on the editable files; absent where nothing recorded it. */
  readonly imports?: Readonly<Partial<Record<'train' | 'score', readonly Import[]>>>;
}

/** Something about the data that the owner should know. */
export interface DataRemark {
  /** One sentence; empty when `moved` says it all. */
  readonly message: string;
  /** Why runs see other data from now on, so that the best so far is to be measured again. */
  readonly moved?: string;
}

export interface RunFolders {
  /** Lays out the base folder and describes the brief's `prepare` as a job; undefined when nothing is left to prepare. */
  readonly layBase: (start: string) => Promise<Job | undefined>;
  /** Records what the prepared base and the fixed data look like, once `prepare` has ended well. */
  readonly sealBase: () => Promise<void>;
  /** The end of the log of `prepare`. */
  readonly baseLog: () => Promise<string>;
  /** Describes the run's job and lays out its folder, unless the job was started there before. */
  readonly lay: (key: RunKey) => Promise<Job>;
  /** Lays out a folder of its own for a short run of edited files that no commit has, and describes its job. */
  readonly laySmoke?: (key: RunKey, files: Readonly<Record<string, string>>) => Promise<Job>;
  readonly outputs: (key: RunKey) => Promise<RunOutputs>;
  /**
   * Looks at all data, where `outputs` may have looked at a part because there is much of it and the run was short; gives what
   * voids the run, or leaves it in doubt. Asked for a run whose score counts.
   */
  readonly verify?: (key: RunKey) => Promise<Pick<RunOutputs, 'changed' | 'doubtful'> | undefined>;
  /** Looks at all data, unless that was done since the last run; what it finds is among the remarks. */
  readonly lookAtStop?: () => Promise<void>;
  /** What there is to say since the last call. */
  readonly dataRemarks?: () => readonly DataRemark[];
  /**
   * Describes the scorer's job on what an ended run saved, graded on the holdout; undefined when that is gone. A job that was
   * cut short stays as it is: the next attempt, from 1 on, has a folder of its own.
   */
  readonly layHoldout: (key: RunKey, attempt: number) => Promise<Job | undefined>;
  readonly holdoutOutputs: (key: RunKey, attempt: number) => Promise<RunOutputs>;
  /** Removes the experiment's trees and weights; logs and results stay. */
  readonly discard: (experiment: number) => Promise<void>;
  /** The same for the runs of a confirmation, or for one of them. */
  readonly discardConfirmation: (
    confirmation: number,
    only?: { readonly contender: string; readonly run: number },
  ) => Promise<void>;
}
