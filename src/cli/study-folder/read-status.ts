/**
 * Where a study stands, as `nocturne status --json` prints it.
 */
import { join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { freeBytes } from '../../adapters/files/has-room.ts';
import { mirrorStateFile, noRoomFile } from '../../adapters/files/study-files.ts';
import { settledExperiments } from '../../core/journal/study-commits.ts';
import { type Status, statusOfStudy } from '../../core/views/status.ts';
import { isWorkedOn } from './is-worked-on.ts';
import type { MirrorState } from './mirror-state.ts';
import type { FoundStudy } from './studies.ts';

export interface FoundStatus extends Status {
  /** Bytes free on the disk of a study that waits for room there; absent for one that does not. */
  readonly roomAwaited?: { readonly free: number };
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
  const isLive = await isWorkedOn(study.folder);
  const status = statusOfStudy(study, new Date().toISOString(), isLive);
  const mirror = await readMirror(study);
  const free = isLive ? await roomAwaited(study.folder) : undefined;
  return {
    status: {
      ...status,
      ...(free !== undefined && { roomAwaited: { free } }),
      ...(mirror?.state && { mirror: mirror.state }),
    },
    mirrorLine: mirror?.line,
  };
}

/** The bytes that are free on the disk of a study that waits for room there; undefined for one that does not. */
async function roomAwaited(studyFolder: string): Promise<number | undefined> {
  const free = await freeBytes(studyFolder);
  return free === 0 || (await exists(join(studyFolder, noRoomFile))) ? free : undefined;
}

// What checks this file takes a third of a short command's time, so it is loaded only where it is.

/** The mirror's state and what to say of it; undefined for a study without a mirror. */
async function readMirror({ folder, history }: FoundStudy): Promise<{ state?: MirrorState; line: string } | undefined> {
  if (!(await exists(join(folder, mirrorStateFile)))) return undefined;
  const { mirrorText, readMirrorState } = await import('./mirror-state.ts');
  const file = await readMirrorState(folder);
  if (file.kind === 'read') return { state: file.value, line: mirrorText(file.value, settledExperiments(history)) };
  const found = file.kind === 'malformed' ? file.found : 'gone';
  return { line: `unknown: mirror.json is ${found}; remove it, and the next save writes it anew` };
}
