/**
 * The home that a run has in place of the owner's: real folders of its own, in which what it may read is shown by links. A
 * library finds its downloads there, and can lay new ones and its locks beside them.
 */
import { join } from 'node:path';
import { lstatOf, statOf } from '../run-folders/fingerprint.ts';
import { secretNames } from './home-places.ts';
import { entriesOf } from './open-around.ts';

/** Paths in the home -> what each leads to, absolute. */
export type HomeLinks = Readonly<Record<string, string>>;

/** A folder shown in a home. */
export interface ShownFolder {
  /** Its path in the home. */
  readonly at: string;
  /** Where it is, absolute. */
  readonly place: string;
  /** How many levels of it are folders of the run's own; 0 for one link to the whole. */
  readonly depth: number;
  /** Whether only what is really there is shown, and no link that lies in it. */
  readonly isOwn?: boolean;
}

/** Links that one home gets at most: each costs every run some microseconds. */
const maxLinks = 250;

/** The links for these folders; where two show the same path, the first has it. */
export function homeLinksOf(shown: readonly ShownFolder[]): HomeLinks {
  const links = new Map<string, string>();
  const opened = new Set<string>();
  let left = maxLinks;
  const show = ({ at, place, depth, isOwn = false }: ShownFolder): ShownFolder[] => {
    if (links.has(at) || (isOwn && isLink(place))) return [];
    const entries =
      depth > 0 && isFolder(place) ? entriesOf(place)?.filter((name) => !secretNames.has(name)) : undefined;
    if (entries === undefined || (entries.length > left && !opened.has(at))) {
      if (!opened.has(at) && isThere(place)) links.set(at, place);
      return [];
    }
    opened.add(at);
    left -= entries.length;
    return entries.map((name) => ({ at: join(at, name), place: join(place, name), depth: depth - 1, isOwn }));
  };
  // Each from its top down, so that the links that there are show what is near the top.
  for (const folder of shown) for (let level = [folder]; level.length > 0; level = level.flatMap(show));
  return Object.fromEntries([...links].filter(([at]) => !foldersAbove(at).some((above) => links.has(above))));
}

function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function isLink(place: string): boolean {
  return lstatOf(place)?.isSymbolicLink() ?? false;
}

function isFolder(place: string): boolean {
  return statOf(place)?.isDirectory() ?? false;
}

function isThere(place: string): boolean {
  return lstatOf(place) !== undefined;
}
