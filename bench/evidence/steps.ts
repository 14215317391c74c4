/**
 * A study's experiments, each with where it stands: its number, the misses before it, and what it gained on the incumbent.
 */
import { gainOver } from '../../src/core/base/metric.ts';
import type { PublicExperiment, PublicStudy } from './study.ts';

/** An experiment in its place. */
export interface ExperimentStep {
  /** Counted from 1, crashes and all. */
  readonly position: number;
  /** Experiments since the last keep, or the baseline, that were not kept. */
  readonly misses: number;
  readonly outcome: PublicExperiment['outcome'];
  /** How much better than the incumbent, as a share of the incumbent's score; null without a score. */
  readonly gain: number | null;
}

/** The steps of a study. The incumbent is what was kept last. */
export function stepsOf({ goal, baseline, experiments }: PublicStudy): ExperimentStep[] {
  let [incumbent, misses] = [baseline, 0];
  return experiments.map(({ value, outcome }, index) => {
    const gain = value === null || incumbent === 0 ? null : gainOver(goal, incumbent, value) / Math.abs(incumbent);
    const step = { position: index + 1, misses, outcome, gain };
    misses = outcome === 'kept' ? 0 : misses + 1;
    if (outcome === 'kept' && value !== null) incumbent = value;
    return step;
  });
}
