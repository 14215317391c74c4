/**
 * How long a training may take on the budget's clock, beyond which a candidate has bought its score with time.
 *
 * A script counts its own budget, so one that was edited to stop counting would train longer than the baseline did and win
 * by that alone. What the baseline needed beside its budget (imports, compilation, saving) is allowed twice over.
 */
import type { BudgetClock } from '../brief/brief.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';

/** The clock that a budget is counted on, and the longest training that is still within it. */
export interface Allowance {
  readonly clock: BudgetClock;
  /** Absent while the baseline, which it is taken from, is not measured. */
  readonly mostSeconds?: number;
}

const slackShare = 0.1;
/** A busy machine delays a start by seconds of wall time, but hardly of CPU time. */
const slackSeconds: Readonly<Record<BudgetClock, number>> = { wall: 30, cpu: 2 };

/** The allowance of the next run. */
export function budgetAllowance(history: History): Allowance {
  const { budgetSeconds, budgetClock: clock } = history.frozen;
  const baseline = experimentOf(history, 0);
  const taken = countedRuns(baseline).flatMap((run) => run.result?.trainSeconds ?? []);
  if (!baseline.verdict || taken.length === 0) return { clock };
  const overhead = Math.max(0, ...taken.map((seconds) => seconds - budgetSeconds));
  return { clock, mostSeconds: budgetSeconds * (1 + slackShare) + 2 * overhead + slackSeconds[clock] };
}
