/**
 * A file that must be there before another user may write to it.
 */
import { open } from 'node:fs/promises';

/** Makes an empty file; one that is there stays as it is. */
export async function makeFile(path: string): Promise<void> {
  await (await open(path, 'a')).close();
}
