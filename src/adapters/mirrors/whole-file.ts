/**
 * Files that are only ever whole: written under another name, read back, compared, and then renamed. A folder on a network
 * drive may lose, cut or delay what was written; appending to a file there loses more.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MirrorError } from '../../core/base/errors.ts';

/** Puts the bytes at the path, or leaves what was there. */
export async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const handle = await open(part, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!(await readFile(part)).equals(bytes)) throw new MirrorError(`${part} does not hold what was written into it`);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

/** What tells contents apart. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
