import type { Question } from '../../../../src/core/judge/policies/policy.ts';
import { createStudyWalk } from '../../../../src/core/judge/policies/value/walk-history.ts';
import { createJournal, scored } from '../../../helpers/journal.ts';

/** A question about a candidate whose runs gained these amounts over an incumbent at 2. */
export function questionOf(gains: readonly number[], mayRunAgain = true): Question {
  const history = createJournal().baseline(scored(2)).history();
  const gain = gains.reduce((sum, each) => sum + each, 0) / gains.length;
  const record = { ...history.experiments[0], experiment: 1, parent: 0, proposedAt: '', runs: [], judgedRuns: 0 };
  const walk = createStudyWalk();
  const statistics = { mean: 2 - gain, incumbentMean: 2, gain, runs: gains.length };
  return {
    history,
    record: { ...record, isBranchMoved: false },
    statistics,
    gains,
    noise: undefined,
    walk,
    mayRunAgain,
  };
}
