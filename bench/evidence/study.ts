/**
 * A study of agents as a public ledger tells it.
 */
import type { Goal } from '../../src/core/base/metric.ts';
import type { MetricKind } from '../../src/core/base/metric-kind.ts';

/** Of a repository, and so of all its studies: what is chosen on one half is judged on the other. */
export type Half = 'choosing' | 'judged';

/** An experiment as its ledger tells it. */
export interface PublicExperiment {
  /** Null where there is no score. */
  readonly value: number | null;
  readonly outcome: 'kept' | 'discarded' | 'crashed';
  readonly description: string;
}

/** A study of agents in a public repository. */
export interface PublicStudy {
  readonly repository: string;
  readonly file: string;
  readonly half: Half;
  readonly metric: string;
  readonly kind: MetricKind;
  readonly goal: Goal;
  /** The score of the first row that was kept, else of the first with a score. */
  readonly baseline: number;
  /** All rows after the baseline, in their order. */
  readonly experiments: readonly PublicExperiment[];
}
