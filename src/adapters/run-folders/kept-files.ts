/**
 * Copies of a study's data, from which a file is put back that a script has changed through a link. A copy that is not what
 * was kept, because a script has changed it too, is not used.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { entryAt, type FileMark, lstatOf, markOf } from './fingerprint.ts';
import { sealedPath } from './fixed-paths.ts';

export interface KeptFiles {
  /** Copies these files while they fit; smaller ones first. */
  readonly keep: (files: readonly KeptFile[]) => Promise<void>;
  /** Writes the content back in place, if its copy is whole; says whether it did. */
  readonly putBack: (place: string, mark: FileMark) => Promise<boolean>;
}

export interface KeptFile {
  /** Absolute. */
  readonly place: string;
  readonly size: number;
}

/** Bytes of all copies together, and of one. */
const maxBytes = 1 << 27;
const maxFileBytes = 1 << 25;

/** The copies in this folder, named after the paths from the study's folder, so that they hold where the study is moved to. */
export function createKeptFiles(folder: string, studyFolder: string): KeptFiles {
  const nameOf = (place: string) => createHash('sha256').update(sealedPath(studyFolder, place)).digest('hex');
  const copyOf = (place: string) => join(folder, nameOf(place).slice(0, 32));
  let left = maxBytes;
  return {
    keep: async (files) => {
      await mkdir(folder, { recursive: true });
      for (const { place, size } of [...files].sort((a, b) => a.size - b.size)) {
        if (size > Math.min(left, maxFileBytes)) return;
        left -= size;
        // What cannot be read cannot be kept; a run that needs it says so itself.
        await copyFile(place, copyOf(place), constants.COPYFILE_FICLONE).catch(() => {});
      }
    },
    putBack: async (place, mark) => {
      const copy = copyOf(place);
      const entry = entryAt(copy);
      if (!entry || entry.kind || mark.hash === undefined) return false;
      if ((await markOf(copy, entry)).hash !== mark.hash) return false;
      return writeOver(copy, place);
    },
  };
}

/** Writes into the file that is there, so that its owner and its rights stay; what is there instead is replaced. */
async function writeOver(copy: string, place: string): Promise<boolean> {
  try {
    const now = lstatOf(place);
    if (now && !now.isFile()) await rm(place, { recursive: true, force: true });
    await mkdir(dirname(place), { recursive: true });
    const [from, to] = [await open(copy, 'r'), await open(place, now?.isFile() ? 'r+' : 'w')];
    try {
      await to.writeFile(await from.readFile());
      await to.truncate((await from.stat()).size);
    } finally {
      await Promise.all([from.close(), to.close()]);
    }
    return true;
  } catch {
    return false;
  }
}
