/**
 * The one shape of every keep policy.
 */
import type { ExperimentRecord, History } from '../../journal/history.ts';
import type { Noise } from '../../journal/noise.ts';
import type { Statistics, Verdict } from '../../journal/verdict.ts';
import type { StudyWalk } from './value/walk-history.ts';

/** A candidate with at least one score, to be judged. */
export interface Question {
  readonly history: History;
  readonly record: ExperimentRecord;
  /** Means and error as measured, before any policy has looked. */
  readonly statistics: Statistics;
  /** How much better than the incumbent's mean each of its runs was. */
  readonly gains: readonly number[];
  /** The noise of one run over the whole study; undefined while nothing was repeated. */
  readonly noise: Noise | undefined;
  /** What the `value` policy has made of the study so far. */
  readonly walk: StudyWalk;
  /** Whether another run can be had; when not, the policy decides on what there is. */
  readonly mayRunAgain: boolean;
}

/** Decides about a candidate; pure, so that a simulation can drive the shipped function itself. */
export type Policy = (question: Question) => Verdict;

/** A gain as it stands in a reason: three digits. */
export function formatGain(gain: number): string {
  return String(Number(gain.toPrecision(3)));
}
