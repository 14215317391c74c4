/**
 * A name for something that is put beside others of its kind.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

/** The first of `<name>-1`, `<name>-2` … that nothing in the folder has. */
export async function freeName(folder: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(folder, `${name}-${count}`);
    if (!(await lstat(path).catch(() => undefined))) return path;
  }
}
