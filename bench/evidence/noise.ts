/**
 * The noise of one run of a public study, as a share of its score, from configurations that its repository repeated.
 */
import { metricKind } from '../../src/core/base/metric-kind.ts';
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

/** Below this a scatter is of the last printed digits of a script that draws nothing anew. */
const minShare = 1e-5;

/** All estimates above zero: where every repeat gave the same number, nothing was drawn anew. */
export const noiseEstimates: readonly NoiseEstimate[] = noise.rows
  .map((row) => ({ repository: row.repo, metric: row.metric, runs: row.n, share: row.sigma_as_share_of_value }))
  .filter(({ share }) => share > 0);

/** The study's own noise: root mean square of its repository's estimates on this metric; undefined without one. */
export function knownNoise({ repository, metric }: PublicStudy): number | undefined {
  const own = noiseEstimates.filter((each) => each.repository === repository && each.metric === metric);
  return own.length === 0 ? undefined : rootMeanSquare(own);
}

/** Weighed by the runs behind each. */
function rootMeanSquare(estimates: readonly NoiseEstimate[]): number {
  const runs = estimates.reduce((sum, each) => sum + each.runs, 0);
  return Math.sqrt(estimates.reduce((sum, each) => sum + each.runs * each.share ** 2, 0) / runs);
}

/** The noises under which a study is read: its own where it is known, else those of all repositories with such a metric. */
export function noisesOf(study: PublicStudy): readonly number[] {
  const own = knownNoise(study);
  return own === undefined ? drawnNoises[study.kind === 'lm_bpb' ? 'lm_bpb' : 'others'] : [own];
}

const drawnNoises = { lm_bpb: noisesOfKind(true), others: noisesOfKind(false) };

/** One noise for each repository: the root mean square of its estimates. Those of deterministic scripts are left out. */
function noisesOfKind(isLanguage: boolean): number[] {
  const own = noiseEstimates.filter(
    ({ metric, share }) => share >= minShare && (metricKind(metric, 'minimize') === 'lm_bpb') === isLanguage,
  );
  return [...new Set(own.map(({ repository }) => repository))].map((repository) =>
    rootMeanSquare(own.filter((each) => each.repository === repository)),
  );
}
