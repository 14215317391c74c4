/**
 * The hard wall limit of a run: the brief's `timeout:`, else one that the baseline's own runs have shown to be enough.
 *
 * An evaluation that the budget does not count may take longer than the training. So without a `timeout:` the baseline may
 * take three times the usual limit, and later runs one and a half times what it needed, and two minutes more.
 */
import { defaultTimeoutSeconds } from '../brief/brief.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';
import { maxDurationSeconds } from '../journal/settings/parse-duration.ts';

const baselineFactor = 3;
const laterFactor = 1.5;
const slackSeconds = 120;

/** The limit in seconds of the next run of an experiment, at the study's own budget. */
export function timeLimitOf(history: History, experiment: number): number {
  const { timeoutSeconds } = history.session;
  if (!isDefaultLimit(history)) return timeoutSeconds;
  if (experiment === 0 && !experimentOf(history, 0).verdict) {
    return Math.min(maxDurationSeconds, baselineFactor * timeoutSeconds);
  }
  const taken = countedRuns(experimentOf(history, 0)).flatMap(({ result }) => result?.seconds ?? []);
  return Math.min(maxDurationSeconds, Math.max(timeoutSeconds, laterFactor * Math.max(0, ...taken) + slackSeconds));
}

/** Whether the brief leaves the limit to the study. */
function isDefaultLimit({ session, frozen }: Pick<History, 'session' | 'frozen'>): boolean {
  return session.timeoutSeconds === defaultTimeoutSeconds(frozen.budgetSeconds, frozen.budgetClock);
}
