/**
 * What is left to do before the overfitting gauge can be read: the weights of the baseline and of each kept experiment,
 * graded on the holdout.
 */
import type { WholeHistory } from '../journal/held-out.ts';
import { countedRuns, type ExperimentRecord, keptInOrder, type RunRecord } from '../journal/history.ts';

export type GaugeStep =
  | { readonly kind: 'score-holdout'; readonly experiment: number; readonly run: RunRecord; readonly commit: string }
  | { readonly kind: 'read-gauge' }
  | { readonly kind: 'done' };

/** The one thing to do now; without a scorer, or while nothing was kept, there is nothing. */
export function nextGaugeStep({ history, heldOut }: WholeHistory): GaugeStep {
  if (!history.frozen.score || history.kept === 0) return { kind: 'done' };
  for (const record of keptInOrder(history)) {
    const { experiment, candidate } = record;
    const run = measuredRuns(record).find((each) => !heldOut.scores.get(experiment)?.has(each.run));
    if (run && candidate) return { kind: 'score-holdout', experiment, run, commit: candidate.commit };
  }
  return heldOut.isGaugeStale || !heldOut.gauge ? { kind: 'read-gauge' } : { kind: 'done' };
}

/** The runs that count and have a validation score. */
export function measuredRuns(record: ExperimentRecord): readonly RunRecord[] {
  return countedRuns(record).filter((run) => run.result?.measurement);
}
