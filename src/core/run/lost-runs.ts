/**
 * Lost runs say nothing about the candidate and are repeated, but only up to a limit.
 */
import type { ExperimentRecord, History, RunRecord } from '../journal/history.ts';
import { disturbanceOf, maxDisturbed } from './pause.ts';

/** Lost runs after which the candidate counts as failed: the script itself is then the cause. */
export const maxLostRuns = 3;
/**
 * The same for runs whose controller was lost too, as by a power cut or a container's end, which is hardly the script's
 * doing; a limit there is only so that one that takes its machine down each time does not hold the study up for ever.
 */
const maxOrphanedRuns = 10;
/** The same, in one session, for runs whose machine went. */
const maxMachineRuns = 10;

/** Runs of an experiment in one session that its GPU may end, as is seen; then the study stops, and nothing is judged. */
export const maxGpuRuns = 10;

/** The number of this session's runs that a GPU ended, as is seen. */
export function gpuRuns({ sessionSeq }: History, { runs }: Pick<ExperimentRecord, 'runs'>): number {
  return runs.filter(({ startedSeq, result }) => startedSeq > sessionSeq && result?.gpu?.isSeen === true).length;
}

/**
 * The lost runs that count: their controller saw them go, and neither a GPU that was lost or filled, a full disk nor a machine
 * that stood still or went. Of the baseline only those of this session, since the owner may have mended something.
 */
export function lostRuns(history: History, { experiment, runs }: ExperimentRecord): readonly RunRecord[] {
  const isSeen = ({ result }: RunRecord) =>
    result?.gpu?.isSeen === true || result?.disk?.isSeen === true || result?.byMachine === true;
  const lost = runs.filter(
    (run) => run.result?.outcome === 'lost' && !run.isOrphaned && !isSeen(run) && !isDisturbed(run),
  );
  return experiment === 0 ? lost.filter((run) => run.startedSeq > history.sessionSeq) : lost;
}

/** Whether the candidate can be run once more. */
export function mayRunAgain(history: History, record: ExperimentRecord): boolean {
  const isLost = ({ result }: RunRecord) => result?.outcome === 'lost';
  const orphaned = record.runs.filter((run) => isLost(run) && run.isOrphaned);
  const left = record.runs.filter((run) => run.result?.byMachine && run.startedSeq > history.sessionSeq);
  const isHopeless = (record.experiment > 0 && orphaned.length >= maxOrphanedRuns) || left.length >= maxMachineRuns;
  const disturbed = record.runs.filter((run) => isLost(run) && isDisturbed(run));
  return lostRuns(history, record).length < maxLostRuns && !isHopeless && disturbed.length < maxDisturbed;
}

function isDisturbed({ result }: RunRecord): boolean {
  return disturbanceOf([result?.conditions ?? {}]) !== undefined;
}
