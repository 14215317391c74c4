/**
 * Runs that vanished say nothing about the candidate and are repeated, but not for ever.
 */
import type { ExperimentRecord, History, RunRecord } from '../journal/history.ts';

/** A run that vanishes this often is the script's own doing and counts as failed. */
export const mostLostRuns = 3;

/** The lost runs that count. A baseline's begin anew with each session: whoever starts the study again has mended something. */
export function lostRuns(history: History, { experiment, runs }: ExperimentRecord): readonly RunRecord[] {
  const lost = runs.filter((run) => run.result?.outcome === 'lost');
  return experiment === 0 ? lost.filter((run) => run.startedAt >= history.sessionStartedAt) : lost;
}

/** Whether the candidate can be run once more. */
export function mayRunAgain(history: History, record: ExperimentRecord): boolean {
  return lostRuns(history, record).length < mostLostRuns;
}
