/**
 * How long a training may take on the budget's clock, beyond which a candidate has bought its score with time.
 *
 * A script counts its own budget, so one that was edited to stop counting would train longer than the baseline did and
 * win by that alone. What the baseline needed beside its budget (imports, compilation, saving) is allowed twice over.
 *
 * Where the baseline prints its progress, the time between its first and its last line counts, by when they came. What lies
 * before the first is taken for a start, and what lies after the last for an end, but only as long as the baseline's were
 * and a little more: a script that is silent for longer has trained meanwhile.
 */
import type { BudgetClock } from '../base/names.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { medianOf } from './contention.ts';

type Metrics = Readonly<Record<string, number>>;

/** The clock that a budget is counted on, and the longest training that is still within it. */
export interface Allowance {
  readonly clock: BudgetClock;
  /** From start to end. Absent while the baseline, which it is taken from, is not measured. */
  readonly maxSeconds?: number;
  /** Between the lines of progress; absent where the baseline prints none. */
  readonly lines?: LinesAllowance;
  /** What the baseline's runs say of the machine's speed; absent on a wall clock. */
  readonly speed?: SpeedAllowance;
}

/** The longest time between the lines of progress without the last step, and what before and after them is not counted. */
export interface LinesAllowance {
  readonly maxSeconds: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** The lowest speed that the baseline reported, and what a fixed piece of work took meanwhile, by the supervisor's clock. */
export interface SpeedAllowance {
  readonly lowest: number;
  readonly workMicros: number | undefined;
}

/** On a busy machine a CPU second is less work. A script that makes up for it may take 1/0.5 times the CPU seconds. */
const minSpeed = 0.5;
/** Share of the budget that a training may take beyond it. */
const slackShare = 0.1;
/** A busy machine delays a start by seconds of wall time, but hardly of CPU time. */
const slackSeconds: Readonly<Record<BudgetClock, number>> = { wall: 30, cpu: 2 };
/** Of CPU time, at most this share of the budget before the first line of progress and after the last one. */
const edgeShare = 0.05;
/** CPU seconds that starts and ends differ by on a busy machine, however short the budget. */
const leastEdge = 0.25;
/** The last step of a training may begin just before its time is over; a script whose steps are short is allowed less. */
const longestStep: Readonly<Record<BudgetClock, number>> = { wall: 1, cpu: 0.2 };
const leastStep: Readonly<Record<BudgetClock, number>> = { wall: 1, cpu: 0.1 };

/** The allowance of the next run; `asked` is its budget in seconds, where that is not the study's. */
export function budgetAllowance(history: History, asked?: number): Allowance {
  const { budgetSeconds, budgetClock: clock } = history.frozen;
  const baseline = experimentOf(history, 0);
  const results = countedRuns(baseline).flatMap(({ result }) => result ?? []);
  const taken = results.flatMap((result) => atFullSpeed(clock, result, result.trainSeconds));
  if (!baseline.verdict || taken.length === 0) return { clock };
  const budget = asked ?? budgetSeconds;
  const overhead = Math.max(0, ...taken.map((seconds) => seconds - budgetSeconds));
  const lines = linesAllowance(clock, results, budgetSeconds, budget);
  return {
    clock,
    maxSeconds: budget * (1 + slackShare) + 2 * overhead + slackSeconds[clock],
    ...(lines && { lines }),
    ...(clock === 'cpu' && { speed: speedAllowance(results) }),
  };
}

function linesAllowance(clock: BudgetClock, results: readonly RunResult[], budgetSeconds: number, budget: number) {
  const seen = results.flatMap(({ trainSeconds, progressSeconds, ...result }) => {
    if (trainSeconds === undefined || progressSeconds === undefined) return [];
    const { first, last } = progressSeconds;
    const parts = [first, last - first, trainSeconds - last];
    return [parts.map((seconds) => seconds * speedOf(clock, result.measurement?.metrics))];
  });
  if (seen.length < results.length) return undefined;
  const longest = (part: number) => Math.max(0, ...seen.map((parts) => parts[part] ?? 0));
  const edge = edgeSeconds(clock, budget);
  return {
    maxSeconds: budget * (1 + slackShare) + 2 * Math.max(0, longest(1) - budgetSeconds),
    startSeconds: 2 * longest(0) + edge,
    endSeconds: 2 * longest(2) + edge,
  };
}

/** For how long the last step may go on, in a training of these seconds that says how many steps it made. */
export function lastStepSeconds(clock: BudgetClock, seconds: number, { num_steps: steps = 0 }: Metrics = {}): number {
  const most = longestStep[clock];
  return steps > 0 ? Math.min(most, Math.max(leastStep[clock], seconds / steps)) : most;
}

/** By how many seconds on the budget's clock a start or an end may be longer than twice the baseline's. */
export function edgeSeconds(clock: BudgetClock, budget: number): number {
  return clock === 'cpu' ? Math.min(slackSeconds.cpu, Math.max(leastEdge, edgeShare * budget)) : slackSeconds.wall;
}

function speedAllowance(results: readonly RunResult[]): SpeedAllowance {
  const conditions = results.flatMap((result) => result.conditions ?? []);
  const speeds = results.map(({ measurement }) => speedOf('cpu', measurement?.metrics));
  return { lowest: Math.min(...speeds), workMicros: medianOf(conditions, 'workMicros') };
}

/** What a run took, as on a machine of full speed; nothing where that is not known. */
export function atFullSpeed(clock: BudgetClock, { measurement }: RunResult, seconds: number | undefined): number[] {
  return seconds === undefined ? [] : [seconds * speedOf(clock, measurement?.metrics)];
}

/**
 * The machine's speed during a run, as a share of the study's reference, as the script reports it (`reference_speed`):
 * 1 on a wall clock, for a script that does not say, and for one that says the machine was fast.
 */
export function speedOf(clock: BudgetClock, metrics: Metrics = {}): number {
  const { reference_speed: speed = 1 } = metrics;
  return clock === 'cpu' ? Math.min(1, Math.max(minSpeed, speed)) : 1;
}
