/**
 * The experiments that came nearest to a keep: on a plateau a model is asked to combine them.
 */

import { type ExperimentRow, experimentRow } from '../journal/experiment-row.ts';
import type { History } from '../journal/history.ts';

const maxNearMisses = 5;

/** At most five reverted experiments on the incumbent, the best first. */
export function nearMissesOf(history: History): readonly ExperimentRow[] {
  return history.experiments
    .slice(1)
    .map((record) => experimentRow(history, record))
    .filter((row) => row.status === 'reverted' && row.parent === history.incumbent && row.delta !== null)
    .sort((a, b) => (b.delta ?? 0) - (a.delta ?? 0))
    .slice(0, maxNearMisses);
}
