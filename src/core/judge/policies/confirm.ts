/**
 * The `confirm` policy: a candidate that beats the incumbent runs once more on a fresh seed, and both runs must beat
 * it.
 *
 * It halves the false keeps of `greedy` but still has some, because two lucky seeds in a row are not rare in a night.
 */
import { greedy } from './greedy.ts';
import { formatGain, measuredText, type Policy } from './policy.ts';

/** Keeps a candidate that beat the incumbent's mean in each of two runs. */
export const confirm: Policy = (question) => {
  const { gains, statistics, mayRunAgain } = question;
  const verdict = greedy(question);
  const worst = Math.min(...gains);
  if (gains.length === 1) {
    if (verdict.decision === 'revert' || !mayRunAgain) return verdict;
    return {
      decision: 'rerun',
      reason: `${measuredText(question)}: a fresh seed must agree`,
      statistics,
    };
  }
  if (worst > 0) return { ...verdict, reason: `${verdict.reason}, in each of ${gains.length} runs` };
  const reason =
    worst === 0 ? 'a fresh seed was no better' : `a fresh seed was worse by ${formatGain(question, -worst)}`;
  return { decision: 'revert', reason, statistics };
};
