/**
 * What is done about a path that is not as it was sealed: it is put back, put aside, taken up or left alone, by whose doing
 * it is.
 */
import { removeTree } from '../files/remove-tree.ts';
import { placeOf, type Root } from './data-root.ts';
import { parentOf } from './file-table.ts';
import { type Change, type Entry, entryAt, lstatOf, markOf } from './fingerprint.ts';
import { sealedPath } from './fixed-paths.ts';
import type { KeptFiles } from './kept-files.ts';
import { copyAside, moveAside } from './set-aside.ts';
import type { Dealt } from './settlement.ts';

/** What the script is known to write beside its own files. */
export interface Habits {
  readonly files: Set<string>;
  readonly folders: Set<string>;
  readonly trees: Set<string>;
  /** Files of the scorer's own data that it writes to, whatever they hold afterwards, from the study's folder. */
  readonly touched: Set<string>;
}

/** Whose doing a change is taken to be. */
export type Doer =
  | {
      readonly kind: 'run';
      readonly isBaseline: boolean;
      /** Where what it wrote is put aside. */
      readonly folder: string;
      /** Whether what changed at this time, in milliseconds, was changed by the scorer, in whose stage no training runs. */
      readonly isByScorer: (ctime: number) => boolean;
    }
  | { readonly kind: 'owner'; readonly folder: string };

export interface DealerOptions {
  readonly studyFolder: string;
  /** The name by which the owner knows a place. */
  readonly nameOf: (place: string) => string;
  /** Gains what the script turns out to write. */
  readonly habits: Habits;
  readonly kept: KeptFiles;
}

/** Deals with one change of a root, and says what became of it. */
export type DealWithChange = (root: Root, change: Change, doer: Doer) => Promise<Dealt>;

/** Deals with the changes of a study's fixed data. */
export function createDealer({ studyFolder, nameOf, habits, kept }: DealerOptions): DealWithChange {
  const idOf = (root: Root, path: string) => sealedPath(studyFolder, placeOf(root, path));

  const isHabit = (root: Root, path: string, doer: Doer, ctime: number): boolean => {
    if (doer.kind === 'owner' || doer.isBaseline) return true;
    if (!habits.files.has(idOf(root, path))) return false;
    return root.owner !== 'private' || doer.isByScorer(ctime);
  };

  const dealWithNew = async (root: Root, path: string, doer: Doer): Promise<Pick<Dealt, 'fate' | 'aside'>> => {
    const place = placeOf(root, path);
    if (root.owner !== 'owner') {
      const aside = moveAside(place, doer.folder);
      if (aside === undefined) await removeTree(place);
      return { fate: 'put-aside', aside: aside && nameOf(aside) };
    }
    if (doer.kind === 'run') {
      habits.folders.add(idOf(root, parentOf(path)));
      return { fate: 'left-alone' };
    }
    mark(root, path);
    return { fate: 'taken-up' };
  };

  /** What the owner changed between two sessions stays as it is. */
  const dealWithChanged = async (root: Root, path: string, doer: Doer): Promise<Pick<Dealt, 'fate' | 'aside'>> => {
    const place = placeOf(root, path);
    const before = root.marks.get(path);
    const isOwners = root.owner === 'owner';
    const mayPutBack = !isOwners || doer.kind === 'run';
    const aside = isOwners && mayPutBack && before?.hash !== undefined ? copyAside(place, doer.folder) : undefined;
    const isBack = mayPutBack && before !== undefined && (await kept.putBack(place, before));
    if (!isBack && !isOwners) return { fate: 'lost' };
    const entry = mark(root, path);
    if (entry && before?.hash !== undefined) root.marks.set(path, await markOf(place, entry));
    if (isBack) return { fate: 'put-back', aside: aside && nameOf(aside) };
    const isUsual = doer.kind === 'run' && !doer.isBaseline && habits.files.has(idOf(root, path));
    return { fate: isUsual ? 'usual' : 'accepted' };
  };

  return async (root, { path, kind }, doer) => {
    const place = placeOf(root, path);
    const isVoiding = !isHabit(root, path, doer, lstatOf(place)?.ctimeMs ?? Date.now());
    if (doer.kind === 'run' && doer.isBaseline) {
      if (kind === 'added' && root.owner === 'owner') habits.folders.add(idOf(root, parentOf(path)));
      else habits.files.add(idOf(root, path));
    }
    const fate = kind === 'added' ? await dealWithNew(root, path, doer) : await dealWithChanged(root, path, doer);
    return { ...fate, place, name: nameOf(place), isVoiding };
  };
}

/** Takes a path as it is from now on, without a hash. */
function mark(root: Root, path: string): Entry | undefined {
  const entry = entryAt(placeOf(root, path));
  if (entry) root.marks.set(path, { ctime: entry.ctime, size: entry.size });
  else root.marks.delete(path);
  return entry;
}
