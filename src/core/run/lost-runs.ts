/**
 * Lost runs say nothing about the candidate and are repeated, but only up to a limit.
 */
import type { ExperimentRecord, History, RunRecord } from '../journal/history.ts';

/** Lost runs after which the candidate counts as failed: the script itself is then the cause. */
export const maxLostRuns = 3;

/** The lost runs that count; of the baseline only those of this session, since the owner may have mended something. */
export function lostRuns(history: History, { experiment, runs }: ExperimentRecord): readonly RunRecord[] {
  const lost = runs.filter((run) => run.result?.outcome === 'lost');
  return experiment === 0 ? lost.filter((run) => run.startedAt >= history.sessionStartedAt) : lost;
}

/** Whether the candidate can be run once more. */
export function mayRunAgain(history: History, record: ExperimentRecord): boolean {
  return lostRuns(history, record).length < maxLostRuns;
}
