/**
 * Looks at a root of a study's fixed data: what is below it, how runs are shown it, and whether it is as at the last look.
 */
import { resolve } from 'node:path';
import { pathInside } from '../files/path-inside.ts';
import { type DataLayer, planLayer } from './data-layer.ts';
import { type DataRoot, isAsMarked, isEachAsMarked, placeOf, type Root } from './data-root.ts';
import type { Habits } from './deal-with-change.ts';
import { statOf, type Tree, walkTree } from './fingerprint.ts';

export interface RootLooker {
  /** Walks the root. */
  readonly treeOf: (root: Root) => Promise<Tree>;
  readonly layerOf: (root: Root) => Promise<DataLayer>;
  /**
   * Whether a root is as at the last look: no folder has another change time, and so no other entries, and no file either. Not
   * thorough: but perhaps for files in folders that are linked whole.
   */
  readonly isQuiet: (root: Root, isThorough: boolean) => Promise<boolean>;
  /** What a look at all files of a root takes: the longest walk, or the last look that found them as they were. */
  readonly lookMilliseconds: () => number;
}

/** A script's own copy of a larger file would cost every run more than it is worth. */
const maxCopyBytes = 1 << 30;

/** Looks at roots of the study in this folder; `habits` may gain what scripts write meanwhile. */
export function createRootLooker(studyFolder: string, habits: Habits): RootLooker {
  let lookMilliseconds = 0;
  /** The paths below a root of those that are named from the study's folder. */
  const pathsBelow = ({ place }: DataRoot, ids: ReadonlySet<string>): string[] =>
    [...ids].flatMap((id) => pathInside(place, resolve(studyFolder, id)) ?? []);

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

  return { treeOf, layerOf, isQuiet, lookMilliseconds: () => lookMilliseconds };
}
