/**
 * The messages of a study's commits: together a log that reads as a lab notebook.
 */

import { formatAt, formatUsd } from '../base/format.ts';
import { gainOver } from '../base/metric.ts';
import { plainLine, plainText } from '../base/plain-text.ts';
import { type ExperimentRecord, experimentOf, type History } from '../journal/history.ts';
import { metricDecimals } from '../journal/metric-decimals.ts';
import type { Verdict } from '../journal/verdict.ts';

/** The message of an attempt's commit, which is made before the attempt is run. */
export function attemptMessage(record: ExperimentRecord): string {
  return compose(record, titleOf(record), [`Experiment: ${record.experiment}`, `Researcher: ${record.researcher}`]);
}

/** The message of the final without one of its steps, which only a confirmation runs. */
export function contenderMessage(history: History, without: number): string {
  const record = experimentOf(history, without);
  return `Final without experiment ${without}: ${titleOf(record)}\n\nFinal: ${history.incumbent}\nWithout: ${without}\n`;
}

/**
 * The message of a keep: subject with the measured move of the metric, hypothesis, and the figures as trailers, with
 * the reason where the measured gain is none.
 */
export function keepMessage(history: History, record: ExperimentRecord, verdict: Verdict): string {
  const { statistics } = verdict;
  if (!statistics) return attemptMessage(record);
  const { name, goal } = history.frozen.metric;
  const { mean, incumbentMean, error } = statistics;
  const decimals = metricDecimals(history);
  const subject = `${titleOf(record)} (${name} ${formatAt(incumbentMean, decimals)} -> ${formatAt(mean, decimals)})`;
  const gain = gainOver(goal, incumbentMean, mean);
  const spread = error === undefined ? '' : ` ± ${formatAt(error, decimals)} (half a 95 % interval)`;
  return compose(record, subject, [
    `Experiment: ${record.experiment}`,
    `Runs: ${statistics.runs}`,
    `Gain: ${formatAt(gain, decimals)}${spread}`,
    ...(gain > 0 ? [] : [`Reason: ${plainLine(verdict.reason)}`]),
    `Researcher: ${record.researcher}`,
    ...modelTrailers(history, record),
  ]);
}

/** Which model had the idea and what the thinking cost, refused attempts included. */
function modelTrailers(history: History, { experiment }: ExperimentRecord): string[] {
  const spent = history.spentOn.get(experiment);
  if (!spent) return [];
  const cost = spent.unpricedCalls > 0 ? 'unknown' : `${spent.estimatedCalls ? '~' : ''}${formatUsd(spent.usd)}`;
  return [`Model: ${spent.model}`, `Cost-USD: ${cost}`];
}

function titleOf(record: ExperimentRecord): string {
  return plainLine(record.proposal?.title ?? '');
}

function compose(record: ExperimentRecord, subject: string, trailers: readonly string[]): string {
  return [subject, plainText(record.proposal?.hypothesis ?? '').trim(), trailers.join('\n')]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}
