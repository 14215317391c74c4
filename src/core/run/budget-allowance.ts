/**
 * How long a training may take on the budget's clock, beyond which a candidate has bought its score with time.
 *
 * A script counts its own budget, so one that was edited to stop counting would train longer than the baseline did and
 * win by that alone. What the baseline needed beside its budget (imports, compilation, saving) is allowed twice over.
 */
import type { BudgetClock } from '../base/names.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';

/** The clock that a budget is counted on, and the longest training that is still within it. */
export interface Allowance {
  readonly clock: BudgetClock;
  /** Absent while the baseline, which it is taken from, is not measured. */
  readonly maxSeconds?: number;
}

/** On a busy machine a CPU second is less work. A script that makes up for it may take 1/0.5 times the CPU seconds. */
const minSpeed = 0.5;
/** Share of the budget that a training may take beyond it. */
const slackShare = 0.1;
/** A busy machine delays a start by seconds of wall time, but hardly of CPU time. */
const slackSeconds: Readonly<Record<BudgetClock, number>> = { wall: 30, cpu: 2 };

/** The allowance of the next run; `asked` is its budget in seconds, where that is not the study's. */
export function budgetAllowance(history: History, asked?: number): Allowance {
  const { budgetSeconds, budgetClock: clock } = history.frozen;
  const baseline = experimentOf(history, 0);
  const taken = countedRuns(baseline).flatMap(({ result }) =>
    result?.trainSeconds === undefined ? [] : result.trainSeconds * speedOf(clock, result.measurement?.metrics),
  );
  if (!baseline.verdict || taken.length === 0) return { clock };
  const overhead = Math.max(0, ...taken.map((seconds) => seconds - budgetSeconds));
  return { clock, maxSeconds: (asked ?? budgetSeconds) * (1 + slackShare) + 2 * overhead + slackSeconds[clock] };
}

/**
 * The machine's speed during a run, as a share of the study's reference, as the script reports it (`reference_speed`):
 * 1 on a wall clock, for a script that does not say, and for one that says the machine was fast.
 */
export function speedOf(clock: BudgetClock, metrics: Readonly<Record<string, number>> = {}): number {
  const { reference_speed: speed = 1 } = metrics;
  return clock === 'cpu' ? Math.min(1, Math.max(minSpeed, speed)) : 1;
}
