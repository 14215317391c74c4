/**
 * What a try of each category gained in public studies, by the kind of their metric: what is worth trying first.
 */
import order from '../../../data/evidence/recipe-order.json' with { type: 'json' };
import type { MetricKind } from '../../base/metric-kind.ts';

/** The categories of the table that a knob's move may be of. */
export type MoveCategory =
  | 'batch size'
  | 'learning rate'
  | 'depth/width'
  | 'schedule/warmup/warmdown'
  | 'optimiser'
  | 'regularisation'
  | 'activation'
  | 'precision/compile/speed'
  | 'attention/window';

/** Mean share of a study's gain that a try among its first 20 brought; that of all metrics where the kind has no row. */
export function publicGainPerTry(category: MoveCategory, kind: MetricKind): number {
  const of = (wanted: string) => order.rows.find((row) => row.kind === wanted && row.category === category);
  return (of(kind) ?? of('all'))?.mean_share_of_study_gain_per_try ?? 0;
}
