/**
 * Sees the disk of a study's folder.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from '../../ports/disk.ts';
import type { RunKey } from '../../ports/run-folders.ts';
import { freeBytes } from '../files/has-room.ts';
import { sizeOf } from '../files/size-of.ts';
import { noRoomFile } from '../files/study-files.ts';
import { jobKeyOf } from '../run-folders/run-job.ts';

/** Bytes that a supervisor may need at once: for the log of a stage, or the result. */
const nextToNothing = 1 << 20;

/** The disk on which this study lies. */
export function createDiskProbe(studyFolder: string): Disk {
  const mark = join(studyFolder, noRoomFile);
  return {
    free: () => freeBytes(studyFolder),
    used: (key) => sizeOf(jobKeyOf(studyFolder, key as RunKey).folder),
    requireRoom: async () => {
      if ((await freeBytes(studyFolder)) < nextToNothing) throw new Error('ENOSPC: no space left on device');
    },
    noteWait: async (isWaiting) => {
      // An empty file needs no room of its own on most file systems; where it does, `status` sees the disk itself.
      await (isWaiting ? writeFile(mark, '') : rm(mark, { force: true })).catch(() => {});
    },
  };
}
