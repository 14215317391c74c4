/**
 * The judge: measured runs in, a verdict out. A policy is a pure function of the history.
 */
import type { PolicyName } from '../brief/brief.ts';
import { countedRuns, type ExperimentRecord, experimentOf, type History, valuesOf } from '../journal/history.ts';
import { gainOver } from '../metric.ts';
import { mean, pooledNoise } from './noise.ts';
import { greedy } from './policies/greedy.ts';
import type { Policy } from './policies/policy.ts';
import type { Statistics, Verdict } from './verdict.ts';

const policies: Readonly<Record<PolicyName, Policy>> = { greedy };

/** The verdict on an experiment whose runs so far have ended. The baseline is always kept: it is what others must beat. */
export function judge(history: History, experiment: number, policy: PolicyName): Verdict {
  const record = experimentOf(history, experiment);
  const statistics = statisticsOf(history, record);
  if (!statistics) return { decision: 'revert', reason: failureOf(record) };
  if (experiment === 0) return { decision: 'keep', reason: 'the baseline', statistics };
  return policies[policy](statistics, history);
}

function statisticsOf(history: History, record: ExperimentRecord): Statistics | undefined {
  const values = valuesOf(record);
  if (values.length === 0) return undefined;
  const incumbent = valuesOf(experimentOf(history, history.incumbent));
  const noise = pooledNoise(history);
  const incumbentMean = mean(incumbent);
  const statistics = {
    mean: mean(values),
    incumbentMean,
    gain: gainOver(history.frozen.metric.goal, incumbentMean, mean(values)),
    runs: values.length,
  };
  if (!noise) return statistics;
  return { ...statistics, standardError: noise.sigma * Math.sqrt(1 / values.length + 1 / incumbent.length) };
}

function failureOf(record: ExperimentRecord): string {
  const last = countedRuns(record).at(-1) ?? record.runs.at(-1);
  return last?.result?.reason ?? 'it never ran';
}
