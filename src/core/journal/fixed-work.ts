/**
 * Whether the script does the same work whatever its budget is, as the baseline's own runs show.
 *
 * Most scripts count epochs or steps and read no clock. Then the budget is only a bound, experiments are compared at equal
 * work, and how busy the machine is changes the time and not the score.
 */
import { formatDuration } from '../base/format.ts';
import { countedRuns, experimentOf, type History } from './history.ts';
import type { Measurement } from './run.ts';

/** How a script can come to know its budget. */
export const budgetNames = ['NOCTURNE_BUDGET_SECONDS', 'TIME_BUDGET'] as const;
/** How a script reads a clock of its own, by which it may end too. */
export const clockNames = ['time.time(', 'perf_counter', 'monotonic('] as const;
/** How a script says that it ends by that clock, which most read only to print how long something took. */
export const limitNames = [
  ...[
    'while time.',
    'while (time.',
    'if time.',
    'if (time.',
    '> time.',
    '< time.',
    'deadline',
    'DEADLINE',
    'wallclock',
    'WALLCLOCK',
  ],
  ...['time_limit', 'TIME_LIMIT', 'timelimit', 'time_budget', 'max_time', 'MAX_TIME', 'max_seconds', 'MAX_SECONDS'],
  ...['max_minutes', 'MAX_MINUTES', 'max_hours', 'MAX_HOURS', 'train_seconds', 'TRAIN_SECONDS', 'budget_s', 'BUDGET_S'],
] as const;

/** A script that names its budget, reads no clock, and ends before this share of it takes no notice of it, or is done early. */
const earlyShare = 0.5;

/** Whether these sources name neither a budget nor a limit of their own, so that only the number of steps ends the training. */
export function endsBySteps(texts: readonly string[]): boolean {
  const isNamed = (names: readonly string[]) => names.some((name) => texts.some((text) => text.includes(name)));
  return !isNamed(budgetNames) && !(isNamed(clockNames) && isNamed(limitNames));
}

/** Whether it does; false while the baseline is not measured, and in a study that began before this was looked at. */
export function isFixedWork(history: History): boolean {
  const { budgetSeconds, endAtBudget, train } = history.frozen;
  const seconds = countedRuns(experimentOf(history, 0)).flatMap(({ result }) => result?.trainSeconds ?? []);
  if (history.isBudgetNamed === undefined || endAtBudget === true || seconds.length < 2) return false;
  const isNamed = history.isBudgetNamed || train.some((word) => budgetNames.some((name) => word.includes(name)));
  if (isNamed) return history.isClockRead !== true && seconds.every((each) => each < earlyShare * budgetSeconds);
  return !(history.isClockRead === true && history.isLimitNamed === true);
}

/** What the owner is told of it, once. */
export function fixedWorkText(history: History): string {
  const seconds = countedRuns(experimentOf(history, 0)).flatMap(({ result }) => result?.trainSeconds ?? []);
  const [took, budget] = [Math.max(0, ...seconds), history.frozen.budgetSeconds].map(formatDuration);
  return `The script does the same work whatever its budget is: it trained for at most ${took}, of ${budget}. So \`budget\` is only a bound, scores are compared at equal work, and knobs that set how long it trains (epochs, steps, rounds) stay as they are unless \`space:\` gives them a range.`;
}

/** What a model or an agent is told of it. */
export const fixedWorkForResearchers =
  'The script does the same work whatever its budget is, so experiments are compared at equal work: do not raise the number of epochs, steps, rounds or trees, which would buy a score with time.';

/**
 * Whether a busy machine cannot have changed a score: the work is fixed, and repeats agree to the last digit, be they of the
 * baseline with its three seeds or of a slowed run with the same seed.
 */
export function isMachineProof(history: History): boolean {
  return isFixedWork(history) && (isDeterministic(history) || hasAgreeingRepeat(history));
}

/** Whether the baseline's runs, two at least, scored the same to the last of enough digits. */
export function isDeterministic(history: History): boolean {
  return agreesFinely(countedRuns(experimentOf(history, 0)).map(({ result }) => result?.measurement));
}

/** Digits that scores need at least, to agree by more than their rounding. */
const minDigits = 4;

/** Whether two runs or more have the same score, to the last of enough digits. */
export function agreesFinely(measured: readonly (Measurement | undefined)[]): boolean {
  const [first] = measured;
  if (first === undefined || measured.length < 2) return false;
  const isFine = Math.abs(first.value) >= first.resolution * 10 ** (minDigits - 1);
  return isFine && measured.every((each) => each?.value === first.value);
}

/** Whether a contended run and its repeat, with the same seed, had the same score. */
function hasAgreeingRepeat({ experiments }: History): boolean {
  return experiments.some(({ runs }) =>
    runs.some(({ seed, result }, index) => {
      const next = runs[index + 1];
      const isRepeated = result?.contention?.isRepeated === true && next?.seed === seed;
      return isRepeated && agreesFinely([result.measurement, next.result?.measurement]);
    }),
  );
}
