/**
 * Suspicion: a candidate with a score too good to be true is run again and audited before it may be kept.
 *
 * A suspicion is no accusation: a broken metric, a leak of validation data and a real discovery look alike on the first
 * run.
 */
import { formatDuration } from '../base/format.ts';
import { type Goal, gainOver } from '../base/metric.ts';
import { countedRuns, type ExperimentRecord, experimentOf, type History, valuesOf } from '../journal/history.ts';
import { pooledNoise } from '../journal/noise.ts';
import type { Statistics, Verdict } from '../journal/verdict.ts';
import { mean } from '../statistics/moments.ts';
import { formatGain, type Question } from './policies/policy.ts';

/**
 * A gain is too large to be plausible when it exceeds all of these: 10 sigma, 4 times the largest gain kept so far, and
 * 50 % of the incumbent's score.
 */
const maxSigmas = 10;
const maxTimesLargest = 4;
const maxShare = 0.5;
/** Runs that a suspicious candidate needs before it may be kept. */
const minRuns = 2;
/** Runs of one candidate that lie further apart than this many sigma do not agree. */
const maxSpread = 5;

/** The keep unless it is suspicious; then another run, or the verdict of the audit. */
export function audited(question: Question, keep: Verdict): Verdict {
  const { history, record, mayRunAgain } = question;
  const { statistics } = keep;
  if (!statistics) return keep;
  // The candidate's own runs are in doubt, so the noise is taken without them.
  const sigma = pooledNoise(history, record)?.sigma ?? 0;
  const suspicion = suspicionOf(question, statistics, sigma);
  if (!suspicion) return keep;
  if (statistics.runs < minRuns && mayRunAgain) {
    return {
      decision: 'rerun',
      reason: `suspicious: ${suspicion.text}; it is run again before it may win`,
      statistics,
    };
  }
  const { trouble, findings } = auditOf(question, suspicion.isBeyondFloor, sigma);
  const heard = `suspicious (${suspicion.text})`;
  if (trouble) return { decision: 'revert', reason: `${heard}, and the audit found that ${trouble}`, statistics };
  return { ...keep, reason: `${keep.reason}; ${heard}, but the audit found that ${findings}` };
}

/** Whether an experiment's score was too good to be true. */
export function isSuspicious(history: History, record: ExperimentRecord): boolean {
  const statistics = record.verdict?.statistics;
  const noise = pooledNoise(history, record);
  return (
    statistics !== undefined && suspicionOf({ history, record, noise }, statistics, noise?.sigma ?? 0) !== undefined
  );
}

interface Suspicion {
  readonly text: string;
  readonly isBeyondFloor: boolean;
}

function suspicionOf(
  question: Pick<Question, 'history' | 'record' | 'noise'>,
  statistics: Statistics,
  sigma: number,
): Suspicion | undefined {
  const { history, record } = question;
  const { name, goal } = history.frozen.metric;
  const baseline = mean(valuesOf(experimentOf(history, 0)));
  for (const value of valuesOf(record)) {
    const floor = floorOf(goal, baseline, statistics.incumbentMean, value);
    if (floor) return { text: `${name} ${formatGain(question, value)} is ${floor}`, isBeyondFloor: true };
  }
  const { gain, incumbentMean } = statistics;
  const plausible = Math.max(
    maxSigmas * sigma,
    maxTimesLargest * largestGain(history),
    maxShare * Math.abs(incumbentMean),
  );
  if (gain <= plausible) return undefined;
  return {
    text: `${statistics.estimate ? 'an estimated gain' : 'a gain'} of ${formatGain(question, gain)} is beyond the ${formatGain(question, plausible)} plausible here`,
    isBeyondFloor: false,
  };
}

/**
 * Why a score is impossible: a loss of 0 or less after losses above 0, or a share of 1 or more after shares below 1.
 */
function floorOf(goal: Goal, baseline: number, incumbent: number, value: number): string | undefined {
  if (goal === 'minimize') return baseline > 0 && incumbent > 0 && value <= 0 ? 'not above zero' : undefined;
  const isShare = baseline > 0 && baseline < 1 && incumbent < 1;
  return isShare && value >= 1 ? 'not below one' : undefined;
}

function largestGain(history: History): number {
  let largest = 0;
  for (const { kept, verdict, experiment } of history.experiments) {
    if (kept && experiment > 0) largest = Math.max(largest, verdict?.statistics?.gain ?? 0);
  }
  return largest;
}

interface Audit {
  readonly trouble?: string;
  readonly findings: string;
}

function auditOf(question: Question, isBeyondFloor: boolean, sigma: number): Audit {
  const { history, record } = question;
  const runs = countedRuns(record);
  const values = valuesOf(record);
  const { goal } = history.frozen.metric;
  const incumbent = mean(valuesOf(experimentOf(history, history.incumbent)));
  const gains = values.map((value) => gainOver(goal, incumbent, value));
  const spread = Math.max(...values) - Math.min(...values);
  const isScored = runs.every((run) => (run.result?.measurement?.vouched ?? 'self-reported') !== 'self-reported');
  const findings = [
    values.length > 1 ? `${values.length} runs agree within ${formatGain(question, spread)}` : 'there is one run',
    isScored ? 'the scorer vouches for each' : 'only the script vouches for them',
    trainingOf(history, record),
  ].join(', ');
  if (isBeyondFloor && !isScored) return { trouble: 'only the script vouches for it', findings };
  if (Math.min(...gains) <= 0) return { trouble: 'a fresh seed did not gain at all', findings };
  if (spread > Math.max(maxSpread * sigma, mean(gains) / 2)) {
    return { trouble: `its runs differ by ${formatGain(question, spread)}`, findings };
  }
  return { findings };
}

/** How long training took, in words. A training far beyond its budget has no score and is not audited. */
function trainingOf(history: History, record: ExperimentRecord): string {
  const seconds = countedRuns(record).flatMap((run) => run.result?.trainSeconds ?? []);
  if (seconds.length === 0) return 'the training kept to its budget';
  return `training took at most ${formatDuration(Math.max(...seconds))} of a budget of ${formatDuration(history.frozen.budgetSeconds)}`;
}
