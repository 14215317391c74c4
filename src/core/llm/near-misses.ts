/**
 * The experiments that came nearest to a keep: on a plateau a model is asked to combine them.
 */

import { type ExperimentRow, experimentRows } from '../journal/experiment-row.ts';
import type { History } from '../journal/history.ts';

const maxNearMisses = 5;

/** At most five reverted experiments on the incumbent, the best first. */
export function nearMissesOf(history: History): readonly ExperimentRow[] {
  return experimentRows(
    history,
    history.experiments.slice(1).filter(({ withdrawn }) => withdrawn === undefined),
  )
    .filter((row) => row.status === 'reverted' && row.parent === history.incumbent && row.gain !== null)
    .sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0))
    .slice(0, maxNearMisses);
}
