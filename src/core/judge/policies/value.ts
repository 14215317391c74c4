/**
 * The `value` policy: a run is repeated while that is worth more than the study's going rate, and a keep must be worth having.
 *
 * One joint posterior over where the incumbent is, what this candidate does and what candidates do in this study; `value/`
 * has the parts, this file their words. A script that gives every seed the same score needs none of it: one run decides.
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

/** Decides by what the candidate is worth. */
export const value: Policy = (question) => {
  const { history, record, mayRunAgain } = question;
  const walk = question.walk.over(history);
  if (!walk) return greedy(question);
  const belief = walk.belief();
  const runs = orientedRuns(history, record);
  const researcher = record.researcher ?? '';
  const decision = decide(belief, runs, researcher, mayRunAgain);
  const gain = -effectOf(belief, runs, researcher, belief.sigma).mean * belief.sigma;
  // What is printed is cautious about a sigma from few runs; what is decided is not, for timidity costs gains.
  const sigma = Math.max(belief.sigma, printedSigma(belief.repeats));
  const printed = gainEstimateOf(effectOf(belief, runs, researcher, sigma));
  const sign = history.frozen.metric.goal === 'minimize' ? 1 : -1;
  const place = belief.origin + belief.place.mean * belief.sigma;
  const statistics: Statistics = {
    ...question.statistics,
    gain,
    standardError: printed.standardError * sigma,
    interval: [Math.min(gain, printed.interval[0] * sigma), Math.max(gain, printed.interval[1] * sigma)],
    ...(isSeedHonoured(history) ? { probability: printed.probability } : {}),
    estimate: { incumbent: sign * place, candidate: sign * (place - gain) },
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
      const least = formatGain(keepMargin * belief.sigma);
      return { decision: 'revert', reason: `a gain of ${size} may be luck: a keep must be worth ${least}`, statistics };
    }
    default:
      return decision satisfies never;
  }
}
