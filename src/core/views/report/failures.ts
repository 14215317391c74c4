/**
 * The failed experiments, grouped by cause, so that the owner sees what to mend.
 */

import { lastLines, plainText } from '../../base/plain-text.ts';
import { baselineFailure, statusOf } from '../../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../../journal/history.ts';
import type { Outcome } from '../../journal/run.ts';

export interface FailureGroup {
  /** How their last run ended; undefined when the proposal never ran. */
  readonly outcome: Outcome | undefined;
  readonly reason: string;
  readonly experiments: readonly { readonly experiment: number; readonly title: string }[];
  /** The last lines of one of their logs. */
  readonly evidence: string;
}

/** The largest group first. */
export function failuresOf(history: History): FailureGroup[] {
  const groups = new Map<string, ExperimentRecord[]>();
  for (const record of history.experiments) {
    if (statusOf(record) !== 'failed') continue;
    const key = causeOf(record);
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return [...groups.values()].map(describe).sort((a, b) => b.experiments.length - a.experiments.length);
}

function describe(records: readonly ExperimentRecord[]): FailureGroup {
  const last = records.at(-1);
  const result = last?.runs.at(-1)?.result;
  return {
    outcome: result?.outcome,
    reason: last ? reasonOf(last) : '',
    experiments: records.map(({ experiment, proposal }) => ({ experiment, title: proposal?.title ?? 'baseline' })),
    evidence: lastLines(plainText(result?.evidence ?? '').slice(-4000), 8),
  };
}

/** The key of a cause. Reasons that differ only in numbers have the same one: `needs 812 MB` and `needs 907 MB`. */
function causeOf(record: ExperimentRecord): string {
  const outcome = record.runs.at(-1)?.result?.outcome ?? '';
  return `${outcome}: ${reasonOf(record).replace(/\d+(?:\.\d+)?/g, '#')}`;
}

/** A baseline without a score has no verdict. */
function reasonOf(record: ExperimentRecord): string {
  return record.verdict?.reason ?? baselineFailure(record) ?? '';
}
