/**
 * Removes the lock that a git killed in the middle of a ref update leaves behind, which would stop the study for ever.
 *
 * Only locks of this program's own refs, and only those older than this process: the git that made them has
 * ended, because one study has one controller. The user's own locks are never touched.
 */
import { rm, stat } from 'node:fs/promises';

const OWN_LOCK = /Unable to create '([^']*\/refs\/(?:heads\/)?autoresearch\/[^']+\.lock)': File exists/;

/** Runs the action; when a stale lock is in the way, removes it and runs the action again. */
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
