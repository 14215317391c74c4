/**
 * The judge gives a verdict on measured runs. A policy is a pure function of the history.
 */

import { gainOver } from '../base/metric.ts';
import type { PolicyName } from '../base/names.ts';
import { countedRuns, type ExperimentRecord, experimentOf, type History, valuesOf } from '../journal/history.ts';
import { type Noise, pooledNoise, printedSigma, resolutionOf } from '../journal/noise.ts';
import type { Statistics, Verdict } from '../journal/verdict.ts';
import { mayRunAgain } from '../run/lost-runs.ts';
import { mean } from '../statistics/moments.ts';
import { studentQuantile } from '../statistics/student-t.ts';
import { vetoOf } from './guards.ts';
import { ignoredSeed } from './ignored-seed.ts';
import { confirm } from './policies/confirm.ts';
import { greedy } from './policies/greedy.ts';
import type { Policy, Question } from './policies/policy.ts';
import type { StudyWalk } from './policies/value/walk-history.ts';
import { value } from './policies/value.ts';
import { simplify } from './simplification.ts';
import { audited } from './suspicion.ts';

const policies: Readonly<Record<PolicyName, Policy>> = { greedy, confirm, value };

/**
 * The verdict on an experiment whose runs so far have ended. A baseline with a score is always kept: it is what others
 * must beat. `walk` is the study's own, which the caller holds from verdict to verdict.
 */
export function judge(history: History, experiment: number, policy: PolicyName, walk: StudyWalk): Verdict {
  const record = experimentOf(history, experiment);
  if (valuesOf(record).length === 0) return { decision: 'revert', reason: failureOf(record) };
  const noise = pooledNoise(history);
  const statistics = statisticsOf(history, record, noise);
  if (experiment === 0) return { decision: 'keep', reason: 'the baseline', statistics };
  const failed = countedRuns(record).find((run) => !run.result?.measurement);
  if (failed) return { decision: 'revert', reason: `run again, it failed: ${failed.result?.reason}`, statistics };
  const { goal } = history.frozen.metric;
  const gains = valuesOf(record).map((each) => gainOver(goal, statistics.incumbentMean, each));
  const question = { history, record, statistics, gains, noise, walk, mayRunAgain: mayRunAgain(history, record) };
  return withSecondThoughts(question, withoutTie(policies[policy](question), record));
}

/** Two means are the same within this share of the finest printed difference, and of themselves: they are rounded sums. */
const tieShare = 0.001;
const roundingShare = 8 * Number.EPSILON;

/**
 * A candidate that measured exactly what the incumbent did is not kept, whatever a policy estimates: scores that are shares of
 * few samples tie often, and an edit that reaches nothing ties always.
 */
function withoutTie(verdict: Verdict, record: ExperimentRecord): Verdict {
  const { decision, statistics } = verdict;
  if (decision !== 'keep' || statistics === undefined) return verdict;
  const rounding = Math.max(tieShare * resolutionOf([record]), roundingShare * Math.abs(statistics.incumbentMean));
  if (Math.abs(statistics.gain) > rounding) return verdict;
  return { decision: 'revert', reason: 'no better than the incumbent', statistics };
}

/**
 * Adds what a policy, which sees scores only, does not: simpler code, broken guards, and scores too good to be true.
 */
function withSecondThoughts(question: Question, verdict: Verdict): Verdict {
  const { history, record } = question;
  const { decision, statistics } = verdict;
  const simpler = decision === 'revert' && statistics ? simplify(question, statistics) : undefined;
  const wanted = simpler ?? verdict;
  if (wanted.decision === 'revert') return verdict;
  const veto = vetoOf(history, record);
  if (veto !== undefined) {
    return { decision: 'revert', reason: `vetoed by ${veto}`, ...(statistics ? { statistics } : {}) };
  }
  if (wanted.decision !== 'keep') return wanted;
  const disturbance = disturbanceOf(record);
  if (disturbance !== undefined) {
    const reason = `not kept on a disturbed run: ${disturbance}`;
    return { decision: 'revert', reason, ...(statistics ? { statistics } : {}) };
  }
  const verdictSoFar = audited(question, wanted);
  const seed = verdictSoFar.decision === 'keep' && !simpler ? ignoredSeed(history, record) : undefined;
  return seed === undefined ? verdictSoFar : { ...verdictSoFar, reason: `${verdictSoFar.reason}; ${seed}` };
}

/** Why a judged run is contended, as its repeats were too: no keep may rest on such a run. Undefined when none is. */
function disturbanceOf(record: ExperimentRecord): string | undefined {
  return countedRuns(record).find((run) => run.result?.contention)?.result?.contention?.reason;
}

function statisticsOf(history: History, record: ExperimentRecord, noise: Noise | undefined): Statistics {
  const values = valuesOf(record);
  const incumbent = valuesOf(experimentOf(history, history.incumbent));
  const incumbentMean = mean(incumbent);
  const gain = gainOver(history.frozen.metric.goal, incumbentMean, mean(values));
  const statistics = { mean: mean(values), incumbentMean, gain, runs: values.length };
  if (!noise) return statistics;
  const { sigma, degreesOfFreedom } = noise;
  const perSigma = Math.sqrt(1 / values.length + 1 / incumbent.length);
  // Student's t already widens the interval when sigma comes from few runs, so here sigma is the plain estimate.
  const reach = studentQuantile(0.975, degreesOfFreedom) * sigma * perSigma;
  const standardError = printedSigma({ squares: sigma ** 2 * degreesOfFreedom, degreesOfFreedom }) * perSigma;
  return { ...statistics, error: reach, standardError, interval: [gain - reach, gain + reach] };
}

function failureOf(record: ExperimentRecord): string {
  const last = countedRuns(record).at(-1) ?? record.runs.at(-1);
  return last?.result?.reason ?? 'it never ran';
}
