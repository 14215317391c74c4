/**
 * Removes a tree, also one in which folders have lost their rights: an agent or training code may leave such.
 */
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what is there, if anything is. */
export async function removeTree(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(async () => {
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
}

/** Leaves out what cannot be opened or is gone: the first removal may still be at work in another part of the tree. */
async function openFolders(folder: string): Promise<void> {
  const opened = chmod(folder, 0o700).then(() => readdir(folder, { withFileTypes: true }));
  for (const entry of await opened.catch(() => [])) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
  }
}
