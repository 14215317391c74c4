/**
 * The `value` policy: a candidate runs again while the run is expected to gain more than a run of a new proposal. A keep
 * must be more likely real than not, and worth 0.2 sigma and the price of the chance that it is none.
 *
 * It has one joint posterior over the incumbent's true score, this candidate's effect and the effects of candidates in
 * this study. `value/` has the parts; this file puts the decision into words. When every seed gives the same score, one
 * run decides.
 */
import { chanceText, gainPhrase } from '../../base/format.ts';
import { estimateToTell } from '../../journal/estimate-to-tell.ts';
import { metricDecimals } from '../../journal/metric-decimals.ts';
import { isSeedHonoured } from '../../journal/noise.ts';
import type { Statistics, Verdict } from '../../journal/verdict.ts';
import { greedy } from './greedy.ts';
import { formatGain, measuredText, type Policy, type Question } from './policy.ts';
import { cautiousSigma, decide, effectOf, gainEstimateOf } from './value/decide.ts';
import { orientedRuns } from './value/walk-history.ts';

/** Decides by the expected worth of the candidate and of another run. */
export const value: Policy = (question) => {
  const { history, record, mayRunAgain } = question;
  const walk = question.walk.over(history);
  if (!walk) return greedy(question);
  const belief = walk.belief();
  const runs = orientedRuns(history, record);
  const proposed = question.walk.proposedBy(record);
  const decision = decide(belief, runs, proposed, mayRunAgain);
  const gain = -effectOf(belief, runs, proposed, belief.sigma).mean * belief.sigma;
  // A sigma from few runs is printed with caution; the decision is made without, because caution there loses gains.
  const sigma = cautiousSigma(belief);
  const printed = gainEstimateOf(effectOf(belief, runs, proposed, sigma));
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
  return verdictOf(question, decision, statistics);
};

function verdictOf(question: Question, decision: ReturnType<typeof decide>, statistics: Statistics): Verdict {
  const measured = measuredText(question);
  const estimated = estimatedText(question, statistics);
  const isAgreed = Math.sign(question.statistics.gain) === Math.sign(statistics.gain);
  switch (decision) {
    case 'keep': {
      return { decision: 'keep', reason: keptText(question, statistics), statistics };
    }
    case 'rerun-candidate': {
      const words = isAgreed ? `perhaps ${measured}` : `measured ${measured}, yet ${estimated}`;
      return { decision: 'rerun', reason: `${words}: another run is expected to pay`, statistics };
    }
    case 'rerun-for-sigma':
      return { decision: 'rerun', reason: 'another run, to learn how much a seed alone moves the score', statistics };
    case 'revert':
      return { decision: 'revert', reason: revertedText(question, statistics), statistics };
    default:
      return decision satisfies never;
  }
}

/** Why a candidate is kept: its measured gain, and the estimated one where the probability follows from that alone. */
function keptText(question: Question, statistics: Statistics): string {
  const measured = measuredText(question);
  const estimated = estimatedText(question, statistics);
  const chance = chanceText(statistics.probability);
  // The incumbent was chosen for its score, which may be luck: then a candidate that measured worse may be better.
  if (question.statistics.gain <= 0) return `measured ${measured}, yet ${estimated}${chance}`;
  const told = estimateToTell({
    gain: question.statistics.gain,
    error: question.statistics.error ?? null,
    estimatedGain: statistics.gain,
    probability: statistics.probability ?? null,
  });
  return told === undefined ? `${measured}${chance}` : `${measured}, ${estimated}${chance}`;
}

/** Why a candidate is reverted: it is no better, or its gain is too likely luck. */
function revertedText(question: Question, { gain, probability }: Statistics): string {
  const measured = measuredText(question);
  if (gain > 0) {
    const estimated = `estimated better by ${formatGain(question, gain)}`;
    return `${measured}, ${estimated}${chanceText(probability)}: too likely luck to keep alone`;
  }
  return question.statistics.gain > 0 ? `${measured}, which is luck by the estimate: no better` : measured;
}

function estimatedText({ history, noise }: Question, { gain }: Statistics): string {
  return `estimated ${gainPhrase(gain, metricDecimals(history, noise))}`;
}
