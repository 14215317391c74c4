/**
 * The kept experiments: what each changed, why it was tried and what it gained.
 */

import { plainText } from '../../base/plain-text.ts';
import { estimateToTell } from '../../journal/estimate-to-tell.ts';
import type { ExperimentRow } from '../../journal/experiment-row.ts';
import { type ExperimentRecord, type History, keptInOrder, valuesOf } from '../../journal/history.ts';
import { isAsJudged } from '../../journal/measured-gain.ts';
import type { Attachments } from './attachments.ts';

/** Lines of a diff that are shown, and characters of one line. */
const maxLines = 160;
const maxCharacters = 240;

export interface KeptExperiment {
  readonly experiment: number;
  readonly title: string;
  readonly hypothesis: string;
  readonly researcher: string;
  readonly commit: string;
  /** Its parent's mean and its own, over all their runs. */
  readonly from: number | null;
  readonly to: number | null;
  readonly gain: number | null;
  /** Half of the gain's 95 % interval; null while no run was ever repeated. */
  readonly error: number | null;
  /** What the verdict and the commit say, where one of the two has run again since; else null. */
  readonly judged: { readonly from: number; readonly to: number; readonly runs: number } | null;
  /** Runs that count. */
  readonly runs: number;
  /** Probability that the gain is real; null where the policy does not compute it. */
  readonly probability: number | null;
  /** The gain that the policy believed in, where its probability does not follow from the measured one; else null. */
  readonly estimatedGain: number | null;
  readonly reason: string;
  /** The first 160 lines of the diff; empty when its file is gone. */
  readonly patch: readonly string[];
  readonly hiddenLines: number;
}

/** Every keep but the baseline, oldest first. */
export function keptOf(history: History, rows: readonly ExperimentRow[], { patchOf }: Attachments): KeptExperiment[] {
  const kept = keptInOrder(history).filter(({ experiment }) => experiment > 0);
  return kept.flatMap((record) => {
    const row = rows[record.experiment];
    return row ? [describe(record, row, rows, patchOf(record.experiment))] : [];
  });
}

function describe(
  record: ExperimentRecord,
  row: ExperimentRow,
  rows: readonly ExperimentRow[],
  patch: string | undefined,
): KeptExperiment {
  const { statistics } = record.verdict ?? {};
  const { lines, hidden } = boundedPatch(patch ?? '');
  const from = rows[row.parent ?? 0]?.metric ?? null;
  return {
    experiment: record.experiment,
    title: record.proposal?.title ?? '',
    hypothesis: record.proposal?.hypothesis ?? '',
    researcher: record.researcher ?? '',
    commit: record.kept ?? '',
    runs: valuesOf(record).length,
    from,
    to: row.metric,
    gain: row.gain,
    error: row.error,
    judged:
      !statistics || isAsJudged(record, from, row.metric)
        ? null
        : { from: statistics.incumbentMean, to: statistics.mean, runs: statistics.runs },
    probability: row.probability,
    estimatedGain: estimateToTell(row) ?? null,
    reason: record.verdict?.reason ?? '',
    patch: lines,
    hiddenLines: hidden,
  };
}

/**
 * The lines to show, and the number of the others: a model may rewrite a whole file, and a line may have a megabyte.
 */
export function boundedPatch(patch: string): { lines: string[]; hidden: number } {
  const lines = plainText(patch)
    .trimEnd()
    .split('\n')
    .filter((line, _, all) => all.length > 1 || line !== '');
  const shown = lines
    .slice(0, maxLines)
    .map((line) => (line.length > maxCharacters ? `${line.slice(0, maxCharacters)}…` : line));
  return { lines: shown, hidden: lines.length - shown.length };
}
