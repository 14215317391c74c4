/**
 * The `value` policy: a candidate runs again while the run is expected to gain more than a run of a new proposal, and a
 * keep must be worth 0.2 sigma.
 *
 * It has one joint posterior over the incumbent's true score, this candidate's effect and the effects of candidates in
 * this study. `value/` has the parts; this file puts the decision into words. When every seed gives the same score, one
 * run decides.
 */
import { chanceText } from '../../base/format.ts';
import { isSeedHonoured, printedSigma } from '../../journal/noise.ts';
import type { Statistics, Verdict } from '../../journal/verdict.ts';
import { greedy } from './greedy.ts';
import { formatGain, type Policy } from './policy.ts';
import { decide, effectOf, gainEstimateOf } from './value/decide.ts';
import { keepMargin } from './value/stopping.ts';
import type { Belief } from './value/walk.ts';
import { orientedRuns } from './value/walk-history.ts';

/** Decides by the expected worth of the candidate and of another run. */
export const value: Policy = (question) => {
  const { history, record, mayRunAgain } = question;
  const walk = question.walk.over(history);
  if (!walk) return greedy(question);
  const belief = walk.belief();
  const runs = orientedRuns(history, record);
  const researcher = record.researcher ?? '';
  const decision = decide(belief, runs, researcher, mayRunAgain);
  const gain = -effectOf(belief, runs, researcher, belief.sigma).mean * belief.sigma;
  // A sigma from few runs is printed with caution; the decision is made without, because caution there loses gains.
  const sigma = Math.max(belief.sigma, printedSigma(belief.repeats));
  const printed = gainEstimateOf(effectOf(belief, runs, researcher, sigma));
  const sign = history.frozen.metric.goal === 'minimize' ? 1 : -1;
  const incumbent = belief.origin + belief.incumbent.mean * belief.sigma;
  const statistics: Statistics = {
    ...question.statistics,
    gain,
    standardError: printed.standardError * sigma,
    interval: [Math.min(gain, printed.interval[0] * sigma), Math.max(gain, printed.interval[1] * sigma)],
    ...(isSeedHonoured(history) ? { probability: printed.probability } : {}),
    estimate: { incumbent: sign * incumbent, candidate: sign * (incumbent - gain) },
  };
  return verdictOf(decision, statistics, belief);
};

function verdictOf(decision: ReturnType<typeof decide>, statistics: Statistics, belief: Belief): Verdict {
  const { gain, standardError = 0, probability } = statistics;
  const size = `${formatGain(Math.abs(gain))} ± ${formatGain(standardError)}`;
  switch (decision) {
    case 'keep':
      return { decision: 'keep', reason: `better by ${size}${chanceText(probability)}`, statistics };
    case 'rerun-candidate':
      return { decision: 'rerun', reason: `perhaps better by ${size}: another run is worth its time`, statistics };
    case 'rerun-for-sigma':
      return { decision: 'rerun', reason: 'another run, to learn how much a seed alone moves the score', statistics };
    case 'revert': {
      if (gain <= 0) return { decision: 'revert', reason: `no better: worse by ${size}`, statistics };
      const minGain = formatGain(keepMargin * belief.sigma);
      return {
        decision: 'revert',
        reason: `a gain of ${size} may be luck: a keep must be worth ${minGain}`,
        statistics,
      };
    }
    default:
      return decision satisfies never;
  }
}
