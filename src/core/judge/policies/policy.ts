/**
 * The type of a keep policy, and the question that it answers.
 */
import { formatAt, gainPhrase } from '../../base/format.ts';
import { gainOver } from '../../base/metric.ts';
import type { ExperimentRecord, History } from '../../journal/history.ts';
import { metricDecimals } from '../../journal/metric-decimals.ts';
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

/** A gain, or another difference of scores, as a reason shows it. */
export function formatGain({ history, noise }: Pick<Question, 'history' | 'noise'>, gain: number): string {
  return formatAt(gain, metricDecimals(history, noise));
}

/** The measured difference: `better by 0.034 ± 0.012`, or `worse by` it. */
export function measuredText({ history, noise, statistics }: Question): string {
  const { mean, incumbentMean, error } = statistics;
  const gain = gainOver(history.frozen.metric.goal, incumbentMean, mean);
  return gainPhrase(gain, metricDecimals(history, noise), error);
}
