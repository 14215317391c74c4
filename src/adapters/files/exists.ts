/**
 * Whether a path is there.
 */
import { access, constants } from 'node:fs/promises';

/** True for anything at this path that may be used in this way (default: that is there at all), links followed. */
export async function exists(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
