/**
 * Where the experiments of a study are sent, while it runs or after the fact: another program's folder, or a server.
 */
import type { TrackedExperiment } from '../core/views/tracked-study.ts';

export interface Tracker {
  /** Where it goes, as its owner knows it: a folder, or an address and a name there. */
  readonly place: string;
  /** Whether an experiment that was sent earlier is still there, as far as that costs nothing to know. */
  readonly has: (experiment: TrackedExperiment) => Promise<boolean>;
  /**
   * Sends experiments, one after the other, and calls `sent` as soon as one is there whole. What an earlier try left of one
   * is completed or replaced: after a kill at any moment and another try, each is there once. Throws a ResearchError, also once the
   * signal is aborted.
   */
  readonly send: (
    experiments: readonly TrackedExperiment[],
    sent: (experiment: TrackedExperiment) => Promise<void>,
    signal?: AbortSignal,
  ) => Promise<void>;
}
