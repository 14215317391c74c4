/**
 * How much a disk takes still, and whether it takes anything: the latter asked by writing to it, since quotas and file systems count each in their own way.
 */
import { randomUUID } from 'node:crypto';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFullDisk } from '../../core/base/full-disk.ts';

/** Bytes that this user may still write there; 0 where that cannot be seen. */
export async function freeBytes(folder: string): Promise<number> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
}

/** More than the small files of a run need. */
const probeBytes = 1 << 14;

/** False when the folder's disk does not take a small file more. */
export async function hasRoom(folder: string): Promise<boolean> {
  const path = join(folder, `room-${randomUUID()}`);
  try {
    await writeFile(path, Buffer.alloc(probeBytes), { flush: true });
    return true;
  } catch (error) {
    return !isFullDisk(error);
  } finally {
    await rm(path, { force: true }).catch(() => {});
  }
}
