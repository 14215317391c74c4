/**
 * The noise of one run of a public study, as a share of its score, from configurations that its repository repeated.
 */
import noise from '../../src/data/evidence/noise.json' with { type: 'json' };
import type { PublicStudy } from './study.ts';

/** A repeated configuration that showed a scatter: an estimate of the noise and what it rests on. */
export interface NoiseEstimate {
  readonly repository: string;
  readonly metric: string;
  /** Repeated runs. */
  readonly runs: number;
  /** Standard deviation of one run as a share of the score. */
  readonly share: number;
}

/** All estimates above zero: where every repeat gave the same number, nothing was drawn anew. */
export const noiseEstimates: readonly NoiseEstimate[] = noise.rows
  .map((row) => ({ repository: row.repo, metric: row.metric, runs: row.n, share: row.sigma_as_share_of_value }))
  .filter(({ share }) => share > 0);

/** The study's own noise: root mean square of its repository's estimates on this metric; undefined without one. */
export function knownNoise({ repository, metric }: PublicStudy): number | undefined {
  const own = noiseEstimates.filter((each) => each.repository === repository && each.metric === metric);
  const runs = own.reduce((sum, each) => sum + each.runs, 0);
  return runs === 0 ? undefined : Math.sqrt(own.reduce((sum, each) => sum + each.runs * each.share ** 2, 0) / runs);
}
