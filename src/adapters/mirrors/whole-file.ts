/**
 * Files for a folder that may be on a network drive, which may lose, cut or delay what was written: written under another
 * name, read back, compared, and then renamed. Appending to a file there loses more.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MirrorError } from '../../core/base/errors.ts';
import { writeWhole } from '../files/write-whole.ts';

/** Puts the bytes at the path once they are seen to be on the drive, or leaves what was there. */
export async function writeVerified(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, bytes, {
    // Always the same name, so that saves that were killed leave one such file and no more.
    part: `${path}.part`,
    check: async (part) => {
      if (!(await readFile(part)).equals(bytes))
        throw new MirrorError(`${part} does not hold what was written into it`);
    },
  });
}

/** What tells contents apart. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
