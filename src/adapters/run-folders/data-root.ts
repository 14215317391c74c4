/**
 * One root of a study's fixed data: whose it is, and what is known of its files.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataLayer } from './data-layer.ts';
import type { FileTable } from './file-table.ts';
import { entryAt, isSameState, lstatOf, type Tree } from './fingerprint.ts';

/** Whose the files are: the owner's own, the study's, or the study's for the scorer alone. */
export type DataOwner = 'owner' | 'study' | 'private';

export interface DataRoot {
  /** Absolute. */
  readonly place: string;
  readonly owner: DataOwner;
}

/** Files looked at before other work gets its turn. */
const turnLength = 10_000;

/** A root as the study knows it. */
export interface Root extends DataRoot {
  marks: FileTable;
  /** Its folders as of the last look; undefined where what was put back has new times. */
  tree: Pick<Tree, 'folders' | 'opaque'> | undefined;
  layer: DataLayer | undefined;
}

/** Whether a file is as it was marked; true for one without a mark. */
export function isAsMarked(root: Root, path: string): boolean {
  const mark = root.marks.get(path);
  const entry = mark && entryAt(placeOf(root, path));
  return mark === undefined || (entry !== undefined && isSameState(mark, entry));
}

/** The same of all files, row by row. */
export async function isEachAsMarked({ place, marks }: Root): Promise<boolean> {
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

/** The absolute path of one below a root. */
export function placeOf({ place }: DataRoot, path: string): string {
  return path === '' ? place : join(place, path);
}
