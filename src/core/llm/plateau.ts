/**
 * Whether the study is stuck, and what came nearest since its last success.
 */

import { type ExperimentRow, experimentRow } from '../journal/experiment-row.ts';
import type { History } from '../journal/history.ts';

/** karpathy's first night had 88 % of its gain after 14 experiments and waits of up to 26; ten in vain is worth a change. */
const plateauAfter = 10;
const mostNearMisses = 5;

export interface Plateau {
  readonly sinceKeep: number;
  /** Reverted experiments on the incumbent, the best first. */
  readonly nearMisses: readonly ExperimentRow[];
}

/** Undefined while keeps come often enough. */
export function plateauOf(history: History): Plateau | undefined {
  if (history.sinceKeep < plateauAfter) return undefined;
  const rows = history.experiments.slice(1).map((record) => experimentRow(history, record));
  const nearMisses = rows
    .filter((row) => row.status === 'reverted' && row.parent === history.incumbent && row.delta !== null)
    .sort((a, b) => (b.delta ?? 0) - (a.delta ?? 0))
    .slice(0, mostNearMisses);
  return { sinceKeep: history.sinceKeep, nearMisses };
}
