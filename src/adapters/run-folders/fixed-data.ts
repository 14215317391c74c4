/**
 * The data that a study's runs read and must not change: what `prepare` left, the study's `data/` and `private/`, and the
 * owner's own files under `link:`.
 *
 * What a run did to them is one run's: it is found, said, and put back where a copy was kept. What the baseline does is the
 * script's habit, and voids no run; the same from a candidate alone voids that candidate's run.
 */
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathInside } from '../files/path-inside.ts';
import { removeTree } from '../files/remove-tree.ts';
import { type DataLayer, planLayer } from './data-layer.ts';
import { createFileTable, type FileTable, parentOf } from './file-table.ts';
import {
  type Change,
  type Entry,
  entryAt,
  findChanges,
  isSameState,
  lstatOf,
  markOf,
  statOf,
  type Tree,
  walkTree,
} from './fingerprint.ts';
import { sealedPath } from './fixed-paths.ts';
import { createKeptFiles } from './kept-files.ts';
import type { MarkedFolders } from './seal-file.ts';
import { copyAside, moveAside } from './set-aside.ts';
import { type Dealt, type Settlement, settlementOf } from './settlement.ts';

/** Whose the files are: the owner's own, the study's, or the study's for the scorer alone. */
export type DataOwner = 'owner' | 'study' | 'private';

export interface DataRoot {
  /** Absolute. */
  readonly place: string;
  readonly owner: DataOwner;
}

/** What the script is known to write beside its own files. */
export interface Habits {
  readonly files: Set<string>;
  readonly folders: Set<string>;
  readonly trees: Set<string>;
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

export interface FixedData {
  /** Fingerprints roots as they are, and keeps copies of their files. */
  readonly seal: (roots: readonly DataRoot[]) => Promise<void>;
  /** Takes over what was sealed before; roots without a fingerprint are sealed now. */
  readonly open: (
    sealed: readonly (DataRoot & { readonly marks: MarkedFolders | undefined })[],
    habits: Habits,
  ) => Promise<void>;
  /** Place of each root -> its marks. */
  readonly marks: () => ReadonlyMap<string, MarkedFolders>;
  readonly habits: Habits;
  /**
   * Looks for changes and deals with them. A look that is not thorough leaves out the files of folders that are linked whole,
   * while those folders have no new entries.
   */
  readonly settle: (doer: Doer, isThorough: boolean) => Promise<Settlement>;
  /** Whether a thorough look is worth its time so many milliseconds after the last one. */
  readonly isThoroughCheap: (milliseconds: number) => boolean;
  /** How runs are shown a root; undefined for one that is not there. */
  readonly layerOf: (place: string) => Promise<DataLayer>;
}

/** Files of one root that all are hashed and kept; of a larger one those that runs have links of their own for. */
const maxHashedFiles = 1000;
/** A script's own copy of a larger file would cost every run more than it is worth. */
const maxCopyBytes = 1 << 30;
/** Files in all below which every look is thorough, and the share of a study's time that thorough looks may cost. */
const fewFiles = 5000;
const maxShare = 0.05;
/** Files looked at before other work gets its turn. */
const turnLength = 10_000;

interface Root extends DataRoot {
  marks: FileTable;
  /** Its folders as of the last look; undefined where what was put back has new times. */
  tree: Pick<Tree, 'folders' | 'opaque'> | undefined;
  layer: DataLayer | undefined;
}

/** The fixed data of the study in this folder; `nameOf` gives the name by which the owner knows a place. */
export function createFixedData(studyFolder: string, nameOf: (place: string) => string): FixedData {
  const roots = new Map<string, Root>();
  const habits: Habits = { files: new Set(), folders: new Set(), trees: new Set() };
  const kept = createKeptFiles(join(studyFolder, 'base', 'kept'), studyFolder);
  /** The paths below a root of those that are named from the study's folder. */
  const pathsBelow = ({ place }: DataRoot, ids: ReadonlySet<string>): string[] =>
    [...ids].flatMap((id) => pathInside(place, resolve(studyFolder, id)) ?? []);
  const idOf = (root: DataRoot, path: string) => sealedPath(studyFolder, placeOf(root, path));
  let lookMilliseconds = 0;

  const treeOf = async (root: Root): Promise<Tree> => {
    const began = performance.now();
    const { files, ...tree } = await walkTree(root.place, { isFollowing: true });
    Object.assign(root, { tree, layer: undefined });
    lookMilliseconds = Math.max(lookMilliseconds, performance.now() - began);
    return { files, ...tree };
  };
  const layerOf = async (root: Root): Promise<DataLayer> => {
    if (root.layer) return root.layer;
    const { folders, opaque } = root.tree ?? (await treeOf(root));
    const opened = pathsBelow(root, habits.folders).filter((path) => folders.has(path));
    const copied = pathsBelow(root, habits.files).filter(
      (path) => (root.marks.get(path)?.size ?? Infinity) <= maxCopyBytes,
    );
    root.layer = planLayer({
      files: root.marks.folders,
      folders: folders.keys(),
      opaque,
      opened: new Set(opened),
      copied: new Set(copied),
    });
    return root.layer;
  };
  const sealRoot = async ({ place, owner }: DataRoot): Promise<void> => {
    const root: Root = { place, owner, marks: createFileTable(), tree: undefined, layer: undefined };
    roots.set(place, root);
    const { files } = await treeOf(root);
    root.marks = files;
    const chosen =
      files.size() <= maxHashedFiles ? [...files.entries()].map(([path]) => path) : (await layerOf(root)).linked;
    const entries = chosen.flatMap((path) => {
      const entry = files.get(path);
      return entry ? [{ path, place: placeOf(root, path), entry }] : [];
    });
    await kept.keep(
      entries.filter(({ entry }) => entry.kind === undefined).map((each) => ({ ...each, ...each.entry })),
    );
    for (const each of entries) root.marks.set(each.path, await markOf(each.place, each.entry));
  };

  /**
   * Whether a root is as at the last look: no folder has another change time, and so no other entries, and no file either. Not
   * thorough: but perhaps for files in folders that are linked whole.
   */
  const isQuiet = async (root: Root, isThorough: boolean): Promise<boolean> => {
    if (!root.tree) return false;
    for (const [folder, ctime] of root.tree.folders) {
      if (statOf(placeOf(root, folder))?.ctimeMs !== ctime) return false;
    }
    if (!isThorough) return (await layerOf(root)).linked.every((path) => isAsMarked(root, path));
    const began = performance.now();
    if (!(await isEachAsMarked(root))) return false;
    lookMilliseconds = performance.now() - began;
    return true;
  };

  const settleRoot = async (root: Root, doer: Doer): Promise<readonly Dealt[]> => {
    const tree = await treeOf(root);
    const layer = await layerOf(root);
    const found = await findChanges(root.place, root.marks, tree.files);
    const seen = found.filter(
      ({ path, kind }) => kind !== 'added' || root.owner !== 'owner' || layer.isWhole(parentOf(path)),
    );
    const dealt: Dealt[] = [];
    for (const change of seen) dealt.push(await dealWith(root, change, doer));
    // The next look is a thorough one: what was put back or aside has new times.
    if (seen.length > 0) Object.assign(root, { tree: undefined, layer: undefined });
    return dealt;
  };

  const dealWith = async (root: Root, { path, kind }: Change, doer: Doer): Promise<Dealt> => {
    const place = placeOf(root, path);
    const isVoiding = !isHabit(root, path, doer, lstatOf(place)?.ctimeMs ?? Date.now());
    if (doer.kind === 'run' && doer.isBaseline) {
      if (kind === 'added' && root.owner === 'owner') habits.folders.add(idOf(root, parentOf(path)));
      else habits.files.add(idOf(root, path));
    }
    const fate = kind === 'added' ? await dealWithNew(root, path, doer) : await dealWithChanged(root, path, doer);
    return { ...fate, place, name: nameOf(place), isVoiding };
  };

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

  /** Takes a path as it is from now on, without a hash. */
  const mark = (root: Root, path: string): Entry | undefined => {
    const entry = entryAt(placeOf(root, path));
    if (entry) root.marks.set(path, { ctime: entry.ctime, size: entry.size });
    else root.marks.delete(path);
    return entry;
  };

  return {
    habits,
    seal: async (given) => {
      for (const root of given) await sealRoot(root);
    },
    open: async (sealed, known) => {
      for (const key of ['files', 'folders', 'trees'] as const) for (const id of known[key]) habits[key].add(id);
      for (const { marks, ...root } of sealed) {
        if (marks) roots.set(root.place, { ...root, marks: createFileTable(marks), tree: undefined, layer: undefined });
        else await sealRoot(root);
      }
    },
    marks: () => new Map([...roots.values()].map(({ place, marks }) => [place, marks.folders])),
    settle: async (doer, isThorough) => {
      const dealt: Dealt[] = [];
      for (const root of roots.values()) {
        if (!(await isQuiet(root, isThorough))) dealt.push(...(await settleRoot(root, doer)));
      }
      return settlementOf(dealt, doer.kind === 'run');
    },
    isThoroughCheap: (milliseconds) => {
      const count = [...roots.values()].reduce((sum, { marks }) => sum + marks.size(), 0);
      return count <= fewFiles || lookMilliseconds <= milliseconds * maxShare;
    },
    layerOf: async (place) => {
      const root = roots.get(place);
      return root
        ? layerOf(root)
        : planLayer({ files: new Map(), folders: [''], opaque: [], opened: new Set(), copied: new Set() });
    },
  };
}

function isAsMarked(root: Root, path: string): boolean {
  const mark = root.marks.get(path);
  const entry = mark && entryAt(placeOf(root, path));
  return mark === undefined || (entry !== undefined && isSameState(mark, entry));
}

/** The same of all files, row by row. */
async function isEachAsMarked({ place, marks }: Root): Promise<boolean> {
  let seen = 0;
  for (const [folder, { names, ctimes, sizes }] of marks.folders) {
    const within = folder === '' ? place : `${place}/${folder}`;
    for (const [row, name] of names.entries()) {
      const stat = lstatOf(name === '' ? within : `${within}/${name}`);
      if (stat?.ctimeMs !== ctimes[row] || stat?.size !== sizes[row]) return false;
      seen += 1;
      if (seen % turnLength === 0) await nextTurn();
    }
  }
  return true;
}

function placeOf({ place }: DataRoot, path: string): string {
  return path === '' ? place : join(place, path);
}
