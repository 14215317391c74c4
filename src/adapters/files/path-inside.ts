/**
 * Where a path lies in a folder. A name such as `..data` is no way out of it.
 */
import { isAbsolute, relative, sep } from 'node:path';

/** The path from the folder, `''` for the folder itself; undefined for one that does not lie in it. Links are not resolved. */
export function pathInside(folder: string, path: string): string | undefined {
  const found = relative(folder, path);
  return found === '..' || found.startsWith(`..${sep}`) || isAbsolute(found) ? undefined : found;
}
