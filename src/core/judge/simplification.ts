/**
 * Simplification: as good as the incumbent, and clearly less code, is a keep.
 *
 * As good means shown to be so, not only not shown to be worse: the best guess is a loss of at most 0.2 sigma, and a
 * loss of 1 sigma is ruled out with 90 % confidence.
 */

import { isClearlyLess } from '../journal/code-size.ts';
import { experimentOf } from '../journal/history.ts';
import { printedSigma } from '../journal/noise.ts';
import type { Statistics, Verdict } from '../journal/verdict.ts';
import { formatGain, type Question } from './policies/policy.ts';

/** The best guess may be a loss of this many sigma. */
const maxLoss = 0.2;
/** A loss of this many sigma must be ruled out: the margin of non-inferiority. */
const margin = 1;
/** The standard normal quantile of 0.9, for a one-sided test at 90 %. */
const confidence = 1.2816;
/** Runs that a simplification may get. */
const maxRuns = 4;

/**
 * The verdict on a candidate that a policy would revert: a keep or another run; undefined when it is no simplification.
 */
export function simplify(question: Question, statistics: Statistics): Verdict | undefined {
  const { history, record, noise, mayRunAgain } = question;
  const [before, after] = [experimentOf(history, history.incumbent).candidate?.code, record.candidate?.code];
  if (!before || !after || !isClearlyLess(after, before)) return undefined;
  const sigma = noise ? printedSigma({ ...noise, squares: noise.sigma ** 2 * noise.degreesOfFreedom }) : 0;
  const { gain, standardError = 0, runs } = statistics;
  if (gain < -maxLoss * sigma) return undefined;
  const size = `${before.lines - after.lines} lines less`;
  const isSame = noise === undefined || gain === 0;
  if (isSame || gain - confidence * standardError > -margin * sigma) {
    const reason = `simplification: ${size} code, and no worse by more than ${formatGain(question, margin * sigma)}`;
    return { decision: 'keep', reason, statistics, grounds: 'simplification' };
  }
  if (runs >= maxRuns || !mayRunAgain) return undefined;
  return { decision: 'rerun', reason: `as good with ${size} code: run again to be sure of it`, statistics };
}
