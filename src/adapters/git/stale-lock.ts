/**
 * Removes the lock that a git killed in the middle of a ref update leaves behind, which would stop the study for ever.
 *
 * Only locks of this program's own refs, and only those older than this process: whoever made them is gone,
 * because one study has one controller. The user's own locks are never touched.
 */
import { rm, stat } from 'node:fs/promises';

const OWN_LOCK = /Unable to create '([^']*\/refs\/(?:heads\/)?autoresearch\/[^']+\.lock)': File exists/;

/** Acts, and acts once more when a stale lock was in the way. */
export async function withoutStaleLocks<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const [, lock] = OWN_LOCK.exec(String(error)) ?? [];
    if (lock === undefined || (await stat(lock)).mtimeMs > performance.timeOrigin) throw error;
    await rm(lock);
    return await withoutStaleLocks(act);
  }
}
