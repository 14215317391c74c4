/**
 * Writes files that are only ever whole: a reader sees what was there before or all of what is there now, also after a kill or
 * a power cut. What is in the file's place, such as a pipe, is replaced; a folder is an error.
 */
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

export interface WriteOptions {
  /** Waits for the disk, so that a power cut cannot leave an empty file (default: true). */
  readonly isDurable?: boolean;
  /** The file that is written first and then renamed (default: a name of its own, so that two writers cannot meet). */
  readonly part?: string;
  /** Looks at that file before it counts; what it throws leaves everything as it was. */
  readonly check?: (part: string) => Promise<void>;
}

/** Puts the content at the path, in a folder that is there, or leaves what was there and throws. */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { isDurable = true, part = `${path}.${randomUUID()}.part`, check }: WriteOptions = {},
): Promise<void> {
  try {
    await writeFile(part, content, { flush: isDurable });
    await check?.(part);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}
