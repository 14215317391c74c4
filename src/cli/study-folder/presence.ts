/**
 * What of a study's state its journal cannot tell: whether a controller works on it, and waits for room on the disk.
 */
import { join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { freeBytes } from '../../adapters/files/has-room.ts';
import { noRoomFile } from '../../adapters/files/study-files.ts';
import type { RoomAwaited } from '../../core/views/study-state.ts';
import { isWorkedOn } from './is-worked-on.ts';

export interface Presence {
  readonly isLive: boolean;
  /** Absent for a study that does not wait for room, and for one that no controller works on. */
  readonly roomAwaited?: RoomAwaited;
}

/** As this study's folder is now. */
export async function readPresence(studyFolder: string): Promise<Presence> {
  const isLive = await isWorkedOn(studyFolder);
  const free = isLive ? await freeWhereAwaited(studyFolder) : undefined;
  return { isLive, ...(free !== undefined && { roomAwaited: { free } }) };
}

async function freeWhereAwaited(studyFolder: string): Promise<number | undefined> {
  const free = await freeBytes(studyFolder);
  return free === 0 || (await exists(join(studyFolder, noRoomFile))) ? free : undefined;
}
