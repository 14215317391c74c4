/**
 * Simplification: as good as the incumbent, and clearly less code, is a keep.
 *
 * As good means tested, not merely unproven worse: the best guess is no loss to speak of, and a loss of one sigma is ruled out.
 */

import { isClearlyLess } from '../journal/code-size.ts';
import { experimentOf } from '../journal/history.ts';
import { printedSigma } from '../journal/noise.ts';
import type { Statistics, Verdict } from '../journal/verdict.ts';
import { formatGain, type Question } from './policies/policy.ts';

/** The best guess may be worse by this much, in sigma. */
const mostLoss = 0.2;
/** A loss of this much, in sigma, must be ruled out: the margin of non-inferiority. */
const margin = 1;
/** The standard normal quantile of 0.9: one-sided. */
const confidence = 1.2816;
const mostRuns = 4;

/** What becomes of a candidate that a policy would revert; undefined when it is no simplification. */
export function simplify(
  { history, record, noise, mayRunAgain }: Question,
  statistics: Statistics,
): Verdict | undefined {
  const [before, after] = [experimentOf(history, history.incumbent).candidate?.code, record.candidate?.code];
  if (!before || !after || !isClearlyLess(after, before)) return undefined;
  const sigma = noise ? printedSigma({ ...noise, squares: noise.sigma ** 2 * noise.degreesOfFreedom }) : 0;
  const { gain, standardError = 0, runs } = statistics;
  if (gain < -mostLoss * sigma) return undefined;
  const size = `${before.lines - after.lines} lines less`;
  const isSame = noise === undefined || gain === 0;
  if (isSame || gain - confidence * standardError > -margin * sigma) {
    const reason = `simplification: ${size} code, and no worse by more than ${formatGain(margin * sigma)}`;
    return { decision: 'keep', reason, statistics, grounds: 'simplification' };
  }
  if (runs >= mostRuns || !mayRunAgain) return undefined;
  return { decision: 'rerun', reason: `as good with ${size} code: run again to be sure of it`, statistics };
}
