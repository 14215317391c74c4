/**
 * What grading a run may take, beyond which its model has learned while it was graded: weights that carry the training text
 * can be trained on in the process that answers, before its first answer, and no scorer can tell, since that is the same
 * function for whoever asks. So what a model computes before it answers is bounded as the start of a training is.
 *
 * A slow model is slow at every answer, so that what an answer takes at the model's own pace is not counted. One that makes
 * each answer as slow as the first pays for its learning once for each of them: that is what the bound on the whole is for.
 */
import { formatDuration } from '../base/format.ts';
import type { BudgetClock } from '../base/names.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { atFullSpeed, edgeSeconds } from './budget-allowance.ts';

/** What scoring took, as the supervisor counted it. */
export type Scoring = NonNullable<RunResult['scoring']>;

type Moment = Readonly<Record<'seconds' | 'cpuSeconds', number>>;

/** The stage of the scorer, as the engine says how it ended. */
interface ScoringStage {
  readonly cpuSeconds: number;
  readonly progress?: Readonly<Record<'first' | 'last', Moment>> | undefined;
}

/** The most that it may take, each absent where the baseline says nothing of it. */
export interface ScoringAllowance {
  readonly startSeconds?: number;
  readonly cpuSeconds?: number;
  /** How long the baseline's training took to its first line of progress. */
  readonly trainingStart?: number;
}

/** What is known of the run beside its scoring. */
export interface ScoredRun {
  readonly clock: BudgetClock;
  /** Of its machine, as a share of the study's reference. */
  readonly speed: number;
  /** How long its training took to its first line of progress: it loads what its model loads. */
  readonly trainingStart?: number | undefined;
}

/** A scorer that says how many answers it has had prints this, at a line's beginning: once each process has answered, and at its end. */
export const answersPattern = String.raw`\n\[\d+ answers\]`;
const answersLine = /^\[(\d{1,9}) answers\]\r?$/gm;
/** The model and its witness have answered once each. */
const leastAtFirst = 2;

/** It is the same programs that start, so that a start is longer than the baseline's by no more than this. */
const startShare = 1.5;
/** Grading that costs this many times the baseline's grading, and this many of its trainings, is more than a larger model. */
const timesBaseline = 30;
const timesTraining = 3;

/** What the stage took; on the budget's clock, what it took until both processes answered, without what an answer takes. */
export function scoringOf(stage: ScoringStage | undefined, log: string, clock: BudgetClock): { scoring?: Scoring } {
  if (!stage) return {};
  const { cpuSeconds, progress } = stage;
  const { first, last } = answersIn(log);
  if (!progress || last <= first) return { scoring: { cpuSeconds } };
  const on = clock === 'cpu' ? 'cpuSeconds' : 'seconds';
  const pace = (progress.last[on] - progress.first[on]) / (last - first);
  return { scoring: { cpuSeconds, startSeconds: Math.max(0, progress.first[on] - first * pace) } };
}

/** How many there had been at the first and the last line; what a model prints may have pushed the first out of the log. */
function answersIn(log: string): Readonly<Record<'first' | 'last', number>> {
  const counts = [...log.matchAll(answersLine)].map(([, count]) => Number.parseInt(count ?? '', 10));
  return { first: counts.length > 1 ? (counts[0] ?? 0) : leastAtFirst, last: counts.at(-1) ?? 0 };
}

/** From the baseline's runs; `asked` is the budget of the next run in seconds, where that is not the study's. */
export function scoringAllowance(history: History, asked?: number): ScoringAllowance {
  const { budgetSeconds, budgetClock } = history.frozen;
  const baseline = experimentOf(history, 0);
  const results = countedRuns(baseline).flatMap(({ result }) => result ?? []);
  const scorings = results.flatMap(({ scoring }) => scoring ?? []);
  if (!baseline.verdict || scorings.length === 0 || scorings.length < results.length) return {};
  const budget = asked ?? budgetSeconds;
  const trained = results.map(({ cpuSeconds, scoring }) => cpuSeconds - (scoring?.cpuSeconds ?? 0));
  const trainingStarts = results.flatMap((result) => atFullSpeed(budgetClock, result, result.progressSeconds?.first));
  const starts = results.flatMap((result) => atFullSpeed(budgetClock, result, result.scoring?.startSeconds));
  return {
    ...(trainingStarts.length > 0 && { trainingStart: Math.max(...trainingStarts) }),
    cpuSeconds: Math.max(
      timesBaseline * Math.max(...scorings.map(({ cpuSeconds }) => cpuSeconds)),
      (timesTraining * Math.max(...trained) * budget) / budgetSeconds,
    ),
    ...(starts.length === results.length && {
      startSeconds: startShare * Math.max(...starts) + edgeSeconds(budgetClock, budget),
    }),
  };
}

/** Why it is too much; undefined when it is not. */
export function scoringOverrunOf(scoring: Scoring, allowance: ScoringAllowance, run: ScoredRun): string | undefined {
  const { clock, speed } = run;
  const { startSeconds = 0, cpuSeconds } = scoring;
  const mostAtStart = (allowance.startSeconds ?? Number.POSITIVE_INFINITY) / speed + loadedInTraining(allowance, run);
  if (startSeconds > mostAtStart) {
    const kind = clock === 'cpu' ? ' of CPU time' : '';
    return `its model computed while it was graded, before it answered: ${formatDuration(startSeconds)}${kind}, at most ${formatDuration(mostAtStart)} are allowed beside the training's budget`;
  }
  const most = (allowance.cpuSeconds ?? Number.POSITIVE_INFINITY) / speed;
  if (cpuSeconds <= most) return undefined;
  return `its model computed too long while it was graded: ${formatDuration(cpuSeconds)} of CPU time, at most ${formatDuration(most)} are allowed`;
}

/**
 * What its training took longer than the baseline's to start is no learning, but libraries and tables, and the model's two
 * processes load them as well. Of a training it is paid for (overrun.ts).
 */
function loadedInTraining(allowance: ScoringAllowance, { clock, speed, trainingStart }: ScoredRun): number {
  if (trainingStart === undefined || allowance.trainingStart === undefined) return 0;
  return (clock === 'cpu' ? 2 : 1) * Math.max(0, trainingStart - allowance.trainingStart / speed);
}
