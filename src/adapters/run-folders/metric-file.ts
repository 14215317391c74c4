/**
 * The file of its own in which a script reports its score, such as `metrics/eval.json` of a DVC project. One that is committed
 * lies in a run's tree before the run begins; it is a report only once the run has written it.
 */
import { lstat, rm, stat, utimes } from 'node:fs/promises';
import { readTextEnd } from '../files/read-file.ts';

/** The time of a file that no run has written: a moment at which none of them ran. */
const untouched = new Date('2000-01-01T00:00:00Z');

/**
 * Marks the file of a tree that was just laid out, if it is there. A link in its place leads to the owner's file, as where the
 * brief links its folder: it is taken out of the tree, so that an old score is not read and the run writes one of its own.
 */
export async function markMetricFile(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) await rm(path);
  await utimes(path, untouched, untouched).catch(() => {});
}

/** At most this much of the end of the file; undefined when the run has not written it. */
export async function readMetricFile(path: string, maxBytes: number): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.mtimeMs === untouched.getTime()) return undefined;
  return readTextEnd(path, maxBytes);
}
