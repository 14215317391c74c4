/**
 * What the supervisor is given to look at between the stages of a run: places with the digests of what is in them, as the
 * controller knows them from before the run.
 */
import type { SealedPlace } from '../../ports/engine.ts';
import type { Root } from './data-root.ts';
import type { Fingerprint } from './fingerprint.ts';

export type { SealedPlace } from '../../ports/engine.ts';

/** A root of the fixed data, by the files that `isSealed` picks; of what only the scorer may read, all content counts. */
export function sealedRoot({ place, owner, marks }: Root, isSealed: (path: string) => boolean): SealedPlace {
  const files = Object.fromEntries(
    [...marks.entries()].filter(([path]) => isSealed(path)).map(([path, { hash }]) => [path, digestOf(hash)]),
  );
  const isPrivate = owner === 'private';
  return { place, files, isWhole: isPrivate, content: isPrivate ? 'through-links' : 'written' };
}

/** A folder of small files of which every byte counts, and to which nothing may be added. */
export function sealedFolder(place: string, marks: Fingerprint): SealedPlace {
  const files = Object.fromEntries(Object.entries(marks).map(([path, { hash }]) => [path, digestOf(hash)]));
  return { place, files, isWhole: true, content: 'always' };
}

/** What could not be read when it was sealed, such as a pipe, has no content to compare. */
function digestOf(hash: string | undefined): string | null {
  return hash === undefined || hash === 'special' || hash === 'unreadable' ? null : hash;
}
