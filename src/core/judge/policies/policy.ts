/**
 * The type of a keep policy, and the question that it answers.
 */
import type { ExperimentRecord, History } from '../../journal/history.ts';
import type { Noise } from '../../journal/noise.ts';
import type { Statistics, Verdict } from '../../journal/verdict.ts';
import type { StudyWalk } from './value/walk-history.ts';

/** A candidate with at least one score, to be judged. */
export interface Question {
  readonly history: History;
  readonly record: ExperimentRecord;
  /** Means and error as measured, before a policy has changed them. */
  readonly statistics: Statistics;
  /** For each of its runs, how much better than the incumbent's mean it was. */
  readonly gains: readonly number[];
  /** The noise of one run over the whole study; undefined while nothing was repeated. */
  readonly noise: Noise | undefined;
  /** What the `value` policy has learned from the study so far. */
  readonly walk: StudyWalk;
  /** Whether the candidate may run again; when not, the policy must keep or revert. */
  readonly mayRunAgain: boolean;
}

/** Decides about a candidate; pure, so that a simulation can call the shipped function itself. */
export type Policy = (question: Question) => Verdict;

/** A gain as a reason shows it: three significant digits. */
export function formatGain(gain: number): string {
  return String(Number(gain.toPrecision(3)));
}
