/**
 * Near-misses: reverted experiments that the noise cannot tell from a gain. Worth another look, alone or together.
 */

import type { ExperimentRow } from '../../journal/experiment-row.ts';
import { experimentOf, type History } from '../../journal/history.ts';
import { isAsJudged } from '../../journal/measured-gain.ts';
import type { Noise } from '../../journal/noise.ts';

export interface NearMiss {
  readonly experiment: number;
  readonly title: string;
  readonly gain: number;
  readonly probability: number | null;
  readonly commit: string;
  readonly reason: string;
}

const maxNearMisses = 8;

/** At most 8 near-misses, the largest gain first; `rows` has one row for each experiment of the history. */
export function nearMissesOf(history: History, rows: readonly ExperimentRow[], noise: Noise | undefined): NearMiss[] {
  const reverted = rows.filter(({ status }) => status === 'reverted');
  const margin = noise?.sigma ?? smallestKeep(rows);
  return reverted
    .filter((row) => row.gain !== null && row.gain > -margin)
    .sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0))
    .slice(0, maxNearMisses)
    .map((row) => ({
      experiment: row.experiment,
      title: row.title,
      gain: row.gain ?? 0,
      probability: row.probability,
      commit: row.commit ?? '',
      reason: reasonNow(history, rows, row),
    }));
}

/** Why it was reverted, as of then where its parent ran again since: other figures stand beside it now. */
function reasonNow(
  history: History,
  rows: readonly ExperimentRow[],
  { experiment, parent, metric, reason }: ExperimentRow,
) {
  const from = rows[parent ?? 0]?.metric ?? null;
  return isAsJudged(experimentOf(history, experiment), from, metric) ? reason : `When it was judged: ${reason}`;
}

/** The gain of the smallest keep, which stands for the noise while no run was repeated; 0 without a keep. */
function smallestKeep(rows: readonly ExperimentRow[]): number {
  const gains = rows.flatMap(({ status, gain }) => (status === 'kept' && gain !== null ? [gain] : []));
  return gains.length === 0 ? 0 : Math.min(...gains);
}
