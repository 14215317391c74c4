/**
 * The `greedy` policy: one run decides, as in karpathy/autoresearch. Fast while gains are large; keeps lucky runs when
 * they are small.
 */
import { formatGain, type Policy } from './policy.ts';

/** Keeps a candidate whose mean is better than the incumbent's, however little. */
export const greedy: Policy = ({ statistics }) => {
  const { gain } = statistics;
  if (gain > 0) return { decision: 'keep', reason: `better by ${formatGain(gain)}`, statistics };
  const reason = gain === 0 ? 'no better than the incumbent' : `worse by ${formatGain(-gain)}`;
  return { decision: 'revert', reason, statistics };
};
