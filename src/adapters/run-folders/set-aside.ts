/**
 * Keeps what a run left in the place of fixed data: in `set-aside/` of the run's folder, for the owner to look at.
 */
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Moves a file there, and gives its new place; undefined where that does not work. */
export function moveAside(place: string, folder: string): string | undefined {
  return putAside(place, folder, renameSync);
}

/** Copies a file there, and gives the copy's place; undefined where there is none. */
export function copyAside(place: string, folder: string): string | undefined {
  return putAside(place, folder, copyFileSync);
}

function putAside(place: string, folder: string, put: (from: string, to: string) => void): string | undefined {
  const aside = join(folder, 'set-aside', basename(place));
  try {
    mkdirSync(join(folder, 'set-aside'), { recursive: true });
    put(place, aside);
    return aside;
  } catch {
    return undefined;
  }
}
