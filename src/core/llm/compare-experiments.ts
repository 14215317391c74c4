/**
 * Answers the model's tool call `compare_experiments`: what differs between two experiments, in scores and in code.
 */
import { formatMetric } from '../base/format.ts';
import { type ExperimentRecord, type History, valuesOf } from '../journal/history.ts';
import { pooledNoise } from '../journal/noise.ts';
import { createFilesPatch } from '../proposal/file-patch.ts';
import { mean } from '../statistics/moments.ts';
import { boundDiff, describeCurve } from './experiment-detail.ts';
import { ledgerLegend, ledgerLine } from './ledger-line.ts';

/** One of the two experiments. */
export interface ExperimentSide {
  readonly record: ExperimentRecord;
  /** The end of its last run's training log. */
  readonly log: string;
  /** Undefined where its code is not at hand. */
  readonly files: Readonly<Record<string, string>> | undefined;
}

/** Both ledger lines, the difference of their scores beside the noise, their curves, and the diff of at most `max` characters. */
export function compareExperiments(
  history: History,
  first: ExperimentSide,
  second: ExperimentSide,
  max: number,
): string {
  const curves = [first, second].flatMap(({ record, log }) => {
    const curve = describeCurve(log);
    return curve === undefined ? [] : [`Loss of #${record.experiment}: ${curve}`];
  });
  return [
    ledgerLegend,
    ledgerLine(history, first.record),
    ledgerLine(history, second.record),
    describeDifference(history, first.record, second.record),
    ...curves,
    describeDiff(first, second, max),
  ].join('\n');
}

function describeDifference(history: History, first: ExperimentRecord, second: ExperimentRecord): string {
  const [before, after] = [valuesOf(first), valuesOf(second)];
  if (before.length === 0 || after.length === 0) return 'Not both have a score.';
  const { name, goal } = history.frozen.metric;
  const difference = mean(after) - mean(before);
  const isBetter = goal === 'minimize' ? difference < 0 : difference > 0;
  const which = difference === 0 ? 'They score alike.' : `#${(isBetter ? second : first).experiment} is better.`;
  const noise = pooledNoise(history);
  const beside = noise ? ` One run's noise is ${formatMetric(noise.sigma)} (standard deviation).` : '';
  return `${name} from #${first.experiment} to #${second.experiment}: ${formatMetric(difference)}. ${which}${beside}`;
}

function describeDiff(first: ExperimentSide, second: ExperimentSide, max: number): string {
  if (!first.files || !second.files) return 'The code of one of them is not at hand.';
  const diff = createFilesPatch(first.files, second.files);
  if (diff === '') return 'Their code is the same.';
  return `From #${first.record.experiment} to #${second.record.experiment}:\n${boundDiff(diff, max)}`;
}
