/**
 * Where a study stands, as `nocturne status --json` prints it.
 */
import { join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { mirrorStateFile, trackerStatesFile } from '../../adapters/files/study-files.ts';
import type { History } from '../../core/journal/history.ts';
import { settledExperiments } from '../../core/journal/study-commits.ts';
import { type Status, statusOfStudy } from '../../core/views/status.ts';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';
import type { TrackerStatus } from '../../core/views/tracker-status.ts';
import type { MirrorState } from './mirror-state.ts';
import { readPresence } from './presence.ts';
import type { FoundStudy } from './studies.ts';

export interface FoundStatus extends Status {
  /** How far each tracker of the brief is; absent for a study without any. */
  readonly trackers?: readonly TrackerStatus[];
  /** Absent for a study without a mirror, and where its state cannot be read. */
  readonly mirror?: MirrorState;
}

export interface ReadStatus {
  readonly status: FoundStatus;
  /** What to say of its mirror; undefined for a study without one. */
  readonly mirrorLine: string | undefined;
}

/** The status of a study as of now. */
export async function readStatus(study: FoundStudy): Promise<ReadStatus> {
  const { isLive, roomAwaited } = await readPresence(study.folder);
  const status = statusOfStudy(study, new Date().toISOString(), isLive, undefined, roomAwaited);
  const [mirror, trackers] = await Promise.all([
    readMirror(study),
    readTrackers(study.folder, () => trackedIn(study.history)),
  ]);
  return {
    status: {
      ...status,
      ...(trackers.length > 0 && { trackers }),
      ...(mirror?.state && { mirror: mirror.state }),
    },
    mirrorLine: mirror?.line,
  };
}

// What checks these files takes a third of a short command's time, so it is loaded only where they are.

/** How far each tracker of the brief is; empty for a study without any. `experiments` are those of the study, as trackers have them. */
export async function readTrackers(
  studyFolder: string,
  experiments: () => readonly TrackedExperiment[] | Promise<readonly TrackedExperiment[]>,
): Promise<readonly TrackerStatus[]> {
  if (!(await exists(join(studyFolder, trackerStatesFile)))) return [];
  const { trackerStatuses } = await import('./tracker-states.ts');
  return trackerStatuses(studyFolder, await experiments());
}

async function trackedIn(history: History): Promise<readonly TrackedExperiment[]> {
  const { trackedExperiments } = await import('../../core/views/tracked-study.ts');
  return trackedExperiments(history);
}

/** The mirror's state and what to say of it; undefined for a study without a mirror. */
async function readMirror({ folder, history }: FoundStudy): Promise<{ state?: MirrorState; line: string } | undefined> {
  if (!(await exists(join(folder, mirrorStateFile)))) return undefined;
  const { mirrorText, readMirrorState } = await import('./mirror-state.ts');
  const file = await readMirrorState(folder);
  if (file.kind === 'read') return { state: file.value, line: mirrorText(file.value, settledExperiments(history)) };
  const found = file.kind === 'malformed' ? file.found : 'gone';
  return { line: `unknown: mirror.json is ${found}; remove it, and the next save writes it anew` };
}
