/**
 * How long a model's `check` of its draft may run.
 */
import { experimentOf, type History } from '../journal/history.ts';

/** Training budget of a check in seconds: long enough to crash, too short to measure. */
export const checkBudgetSeconds = 2;
const minSeconds = 20;
/** The model waits for it, and the GPU is busy with it. */
const maxSeconds = 300;
/** A check meets a busier machine than the runs that it is compared with. */
const margin = 2;

/**
 * Seconds: at least 20, and more where the baseline's or the incumbent's runs took long beside their budget, as imports,
 * data, compilation and evaluation do, or were silent for long; at most five minutes.
 */
export function checkLimitSeconds(history: History): number {
  const { budgetSeconds } = history.frozen;
  const runs = [0, history.incumbent].flatMap((experiment) =>
    (history.experiments[experiment] ? experimentOf(history, experiment).runs : []).flatMap(
      ({ result }) => result ?? [],
    ),
  );
  const needed = runs.map(({ trainSeconds = 0, silence = 0 }) => Math.max(trainSeconds - budgetSeconds, silence));
  const wanted = checkBudgetSeconds + margin * Math.max(0, ...needed);
  return Math.round(Math.min(maxSeconds, Math.max(minSeconds, wanted)));
}
