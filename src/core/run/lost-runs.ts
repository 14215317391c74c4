/**
 * Lost runs say nothing about the candidate and are repeated, but only up to a limit.
 */
import type { ExperimentRecord, History, RunRecord } from '../journal/history.ts';

/** Lost runs after which the candidate counts as failed: the script itself is then the cause. */
export const maxLostRuns = 3;
/**
 * The same for runs whose controller was lost too, as by a power cut or a container's end, which is hardly the script's
 * doing; a limit there is only so that one that takes its machine down each time does not hold the study up for ever.
 */
const maxOrphanedRuns = 10;

/**
 * The lost runs that count: their controller saw them go. Of the baseline only those of this session, since the owner may
 * have mended something.
 */
export function lostRuns(history: History, { experiment, runs }: ExperimentRecord): readonly RunRecord[] {
  const lost = runs.filter((run) => run.result?.outcome === 'lost' && !run.isOrphaned);
  return experiment === 0 ? lost.filter((run) => run.startedAt >= history.sessionStartedAt) : lost;
}

/** Whether the candidate can be run once more. */
export function mayRunAgain(history: History, record: ExperimentRecord): boolean {
  const orphaned = record.runs.filter((run) => run.result?.outcome === 'lost' && run.isOrphaned);
  const isHopeless = record.experiment > 0 && orphaned.length >= maxOrphanedRuns;
  return lostRuns(history, record).length < maxLostRuns && !isHopeless;
}
