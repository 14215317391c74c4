/**
 * What lies in a folder of a tracker.
 */
import { readdir } from 'node:fs/promises';

/** More entries of one folder are not read. */
const maxEntries = 20_000;

/** The names of the folders in a folder, sorted; none where there is no such folder. */
export async function foldersIn(folder: string): Promise<readonly string[]> {
  return namesIn(folder, (entry) => entry.isDirectory());
}

/** The names of the files in a folder, sorted; none where there is no such folder. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  return namesIn(folder, (entry) => entry.isFile());
}

async function namesIn(
  folder: string,
  isWanted: (entry: { isDirectory: () => boolean; isFile: () => boolean }) => boolean,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter(isWanted)
    .map(({ name }) => name)
    .toSorted()
    .slice(0, maxEntries);
}
