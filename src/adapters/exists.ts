/**
 * Whether a path is there.
 */
import { access } from 'node:fs/promises';

/** True for anything at this path that can be looked at, links followed. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
