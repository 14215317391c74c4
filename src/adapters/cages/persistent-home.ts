/**
 * A home that stays: what the owner's own code of a study, `prepare` and the baseline's first run, downloads there is shown to
 * every later run.
 */
import { lstat, mkdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HomeLinks } from './home-links.ts';

/** Makes the home with these links; what is there already stays, but for a link in the way of a folder. */
export async function layHome(home: string, links: HomeLinks): Promise<void> {
  for (const name of ['', 'tmp', 'run', '.cache', '.config']) await makeFolder(join(home, name));
  for (const [path, target] of Object.entries(links)) {
    const place = join(home, path);
    await makeFolder(dirname(place));
    await symlink(target, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeFolder(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isSymbolicLink()) await unlink(folder);
  await mkdir(folder, { recursive: true, mode: 0o755 });
}
