/**
 * The kept experiments: what each changed, why it was tried and what it is worth.
 */

import { plainText } from '../../base/plain-text.ts';
import type { ExperimentRow } from '../../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../../journal/history.ts';
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
  readonly runs: number;
  /** The incumbent's mean and its own, when the verdict was given. */
  readonly from: number | null;
  readonly to: number | null;
  readonly gain: number | null;
  readonly standardError: number | null;
  /** Probability that the gain is real; null where the policy does not compute it. */
  readonly probability: number | null;
  readonly reason: string;
  /** The first 160 lines of the diff; empty when its file is gone. */
  readonly patch: readonly string[];
  readonly hiddenLines: number;
}

/** Every keep but the baseline, oldest first. */
export function keptOf(
  { experiments }: History,
  rows: readonly ExperimentRow[],
  { patchOf }: Attachments,
): KeptExperiment[] {
  const kept = experiments.filter((record) => record.experiment > 0 && record.kept !== undefined);
  return kept.map((record) => describe(record, rows[record.experiment], patchOf(record.experiment)));
}

function describe(record: ExperimentRecord, row: ExperimentRow | undefined, patch: string | undefined): KeptExperiment {
  const { statistics } = record.verdict ?? {};
  const { lines, hidden } = boundedPatch(patch ?? '');
  return {
    experiment: record.experiment,
    title: record.proposal?.title ?? '',
    hypothesis: record.proposal?.hypothesis ?? '',
    researcher: record.researcher ?? '',
    commit: record.kept ?? '',
    runs: statistics?.runs ?? 0,
    from: statistics?.incumbentMean ?? null,
    to: statistics?.mean ?? null,
    gain: row?.delta ?? null,
    standardError: statistics?.standardError ?? null,
    probability: statistics?.probability ?? null,
    reason: record.verdict?.reason ?? '',
    patch: lines,
    hiddenLines: hidden,
  };
}

/**
 * The lines to show, and the number of the others: a model may rewrite a whole file, and a line may have a megabyte.
 */
function boundedPatch(patch: string): { lines: string[]; hidden: number } {
  const lines = plainText(patch)
    .trimEnd()
    .split('\n')
    .filter((line, _, all) => all.length > 1 || line !== '');
  const shown = lines
    .slice(0, maxLines)
    .map((line) => (line.length > maxCharacters ? `${line.slice(0, maxCharacters)}…` : line));
  return { lines: shown, hidden: lines.length - shown.length };
}
