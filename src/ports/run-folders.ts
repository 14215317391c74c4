/**
 * The folders that runs execute in: laid out clean before, read after, emptied when the verdict is given.
 */
import type { Job } from './engine.ts';

export interface RunKey {
  readonly experiment: number;
  readonly run: number;
  readonly seed: number;
  /** The candidate's commit. */
  readonly commit: string;
}

/** What an ended run left behind, as raw text; absent files are undefined. */
export interface RunOutputs {
  /** The end of the training log, at most 1 MiB. */
  readonly trainLog: string;
  /** The end of the scorer's own output; undefined when the brief has no scorer or it never ran. */
  readonly scoreLog: string | undefined;
  /** `metrics.json` of the run folder, at most 1 MiB. */
  readonly metricsJson: string | undefined;
  /** Names the fixed file or data that is not as it was before the run; such a run is void. */
  readonly changed: string | undefined;
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
  /** Removes the experiment's trees and weights; logs and results stay. */
  readonly discard: (experiment: number) => Promise<void>;
}
