/**
 * Where the time and the money went.
 */

import { findResearcher } from '../../base/researchers.ts';
import { liveHours } from '../../decide/stopping.ts';
import { statusOf } from '../../journal/experiment-row.ts';
import type { History } from '../../journal/history.ts';
import { spendingText } from '../spending.ts';

export interface Expense {
  readonly liveSeconds: number;
  /** Wall seconds of all runs together. */
  readonly runSeconds: number;
  readonly runs: number;
  /** Wall seconds of runs, by the status of their experiment. */
  readonly secondsBy: {
    readonly baseline: number;
    readonly kept: number;
    readonly reverted: number;
    readonly failed: number;
    readonly running: number;
  };
  readonly tokens: number;
  readonly usd: number;
  /** What model calls used, in words; undefined before the first. */
  readonly models: string | undefined;
  /** Whether the researcher is a coding agent, whose own spending is unknown here. */
  readonly isAgent: boolean;
}

/** As of the last journalled entry. */
export function expenseOf(history: History): Expense {
  const secondsBy = { baseline: 0, kept: 0, reverted: 0, failed: 0, running: 0 };
  let runs = 0;
  for (const record of history.experiments) {
    runs += record.runs.length;
    const status = statusOf(record);
    // What was dropped never ran.
    if (status === 'dropped') continue;
    for (const { result } of record.runs) secondsBy[status] += result?.seconds ?? 0;
  }
  return {
    liveSeconds: liveHours(history, { at: history.lastAt }) * 3600,
    runSeconds: Object.values(secondsBy).reduce((sum, seconds) => sum + seconds, 0),
    runs,
    secondsBy,
    tokens: history.spent.tokens,
    usd: history.spent.usd,
    models: spendingText(history.spent),
    isAgent: findResearcher(history.session.researcher)?.calls === 'agent',
  };
}
