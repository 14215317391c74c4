/**
 * Near-misses: reverted experiments that the noise cannot tell from a gain. Worth another look, alone or together.
 */

import { type ExperimentRow, experimentRow, statusOf } from '../../journal/experiment-row.ts';
import type { History } from '../../journal/history.ts';
import { pooledNoise } from '../../journal/noise.ts';

export interface NearMiss {
  readonly experiment: number;
  readonly title: string;
  readonly gain: number;
  readonly probability: number | null;
  readonly commit: string;
  readonly reason: string;
}

const most = 8;

/** The nearest first. */
export function nearMissesOf(history: History): NearMiss[] {
  const rows = history.experiments
    .filter((record) => statusOf(record) === 'reverted')
    .map((record) => experimentRow(history, record));
  const margin = marginOf(history, rows);
  return rows
    .filter((row) => row.delta !== null && row.delta > -margin)
    .sort((a, b) => (b.delta ?? 0) - (a.delta ?? 0))
    .slice(0, most)
    .map((row) => ({
      experiment: row.experiment,
      title: row.title,
      gain: row.delta ?? 0,
      probability: row.probability,
      commit: row.commit ?? '',
      reason: row.reason,
    }));
}

/** One standard deviation of a run; without a repeated run, what the smallest keep was worth. */
function marginOf(history: History, rows: readonly ExperimentRow[]): number {
  const noise = pooledNoise(history);
  if (noise) return noise.sigma;
  const gains = history.experiments.flatMap(({ experiment, kept, verdict }) =>
    experiment > 0 && kept !== undefined && verdict?.statistics ? [verdict.statistics.gain] : [],
  );
  return gains.length === 0 || rows.length === 0 ? 0 : Math.min(...gains);
}
