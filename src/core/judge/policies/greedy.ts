/**
 * The `greedy` policy: one run decides, as in karpathy/autoresearch. Fast while gains are large; keeps lucky runs when
 * they are small.
 */
import { measuredText, type Policy } from './policy.ts';

/** Keeps a candidate whose mean is better than the incumbent's, however little. */
export const greedy: Policy = (question) => {
  const { statistics } = question;
  if (statistics.gain > 0) return { decision: 'keep', reason: measuredText(question), statistics };
  const reason = statistics.gain === 0 ? 'no better than the incumbent' : measuredText(question);
  return { decision: 'revert', reason, statistics };
};
