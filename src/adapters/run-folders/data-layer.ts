/**
 * Shows a run data that it does not own: a layer of real folders that are the run's, with a link in place of each file. A
 * file that the run adds or replaces beside the data lands in its own folder.
 *
 * A link lets a write to the file itself through, so files that the script is known to write are copies. Folders with many
 * files are linked whole, because a link for each of 60,000 files would cost every run a second: what a run adds there is
 * found by the folder's change time, and the folder is opened for later runs.
 */
import { constants, copyFileSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FolderFiles, joined, parentOf } from './file-table.ts';
import { lstatOf } from './fingerprint.ts';

/** What is shown of one root: paths below it, `''` for the root itself; files by their folder. */
export interface Shown {
  readonly files: ReadonlyMap<string, Pick<FolderFiles, 'names'>>;
  readonly folders: Iterable<string>;
  /** Folders that are linked whole whatever is in them. */
  readonly opaque: Iterable<string>;
  /** Folders that are never linked whole, because a script adds to them. */
  readonly opened: ReadonlySet<string>;
  /** Files that are copied, because a script writes to them. */
  readonly copied: ReadonlySet<string>;
}

export interface DataLayer {
  /** Whether the root is a folder of the run, and no link to the whole. */
  readonly isFolder: boolean;
  /** The files that runs see through a link of their own. */
  readonly linked: readonly string[];
  /** Whether runs see the files of this folder through a link to the whole folder, or to one above. */
  readonly isWhole: (folder: string) => boolean;
  /**
   * Lays the layer down. What is at its place already stays as it is, but for a link in place of the root. Gives the places
   * of the copies.
   */
  readonly lay: (from: string, to: string) => Promise<readonly string[]>;
}

interface Child {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Entries of one root that a run gets links of its own for; what is beyond is linked by the folder. */
const maxLinks = 256;
/** Links made before other work gets its turn. */
const turnLength = 2000;

/** How the root is shown: from its top down, each folder is opened as long as its entries are few. */
export function planLayer({ files, folders, opaque, opened, copied }: Shown): DataLayer {
  const children = childrenOf(files, folders, opaque);
  const mustOpen = new Set([...opened, ...[...opened, ...copied].flatMap(foldersAbove)]);
  const expanded = expand(children, mustOpen);
  const isFile = !children.isFolder('');
  const linked = isFile
    ? ['']
    : [...expanded].flatMap((folder) =>
        children
          .of(folder)
          .filter((each) => !each.isFolder)
          .map(pathOf),
      );
  const whole = new Set(opaque);

  const layEntry = (from: string, to: string, path: string, copies: string[]): void => {
    const [source, target] = path === '' ? [from, to] : [join(from, path), join(to, path)];
    if (copied.has(path)) {
      const how = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
      if (isDone(() => copyFileSync(source, target, how))) copies.push(target);
      return;
    }
    isDone(() => symlinkSync(source, target));
  };
  const layFolder = async (from: string, to: string, folder: string, copies: string[]): Promise<void> => {
    const target = folder === '' ? to : join(to, folder);
    if (!makeFolder(target)) return;
    let made = 0;
    for (const { path, isFolder } of children.of(folder)) {
      made += 1;
      if (made % turnLength === 0) await nextTurn();
      // A folder of the commit is in the way of a link to the whole one: then only what the commit lacks is linked.
      const isOwn = isFolder && !whole.has(path) && (expanded.has(path) || isRealFolder(join(to, path)));
      if (isOwn) await layFolder(from, to, path, copies);
      else layEntry(from, to, path, copies);
    }
  };

  return {
    isFolder: expanded.has(''),
    linked: linked.filter((path) => !whole.has(path)),
    isWhole: (folder) => !expanded.has(folder),
    lay: async (from, to) => {
      const copies: string[] = [];
      if (!isDone(() => mkdirSync(dirname(to), { recursive: true }))) return copies;
      // A link that the commit has here leads out of a run's tree, or the owner would not ask for what it leads to.
      if (lstatOf(to)?.isSymbolicLink()) unlinkSync(to);
      if (!isFile && !whole.has('') && (expanded.has('') || isRealFolder(to))) await layFolder(from, to, '', copies);
      else layEntry(from, to, '', copies);
      return copies;
    },
  };
}

/** The entries of folders, made when they are asked for: most folders with many files are linked whole. */
interface Children {
  readonly isFolder: (path: string) => boolean;
  readonly count: (folder: string) => number;
  readonly of: (folder: string) => readonly Child[];
}

/** The folders of a root with their entries; a root that is a file has none. */
function childrenOf(files: Shown['files'], folders: Iterable<string>, opaque: Iterable<string>): Children {
  const known = new Map<string, Child[]>();
  const enter = (folder: string): Child[] => {
    const entries = known.get(folder) ?? [];
    if (known.has(folder)) return entries;
    known.set(folder, entries);
    if (folder !== '') enter(parentOf(folder)).push({ path: folder, isFolder: true });
    return entries;
  };
  for (const folder of folders) enter(folder);
  for (const path of opaque) if (path !== '') enter(parentOf(path)).push({ path, isFolder: false });
  for (const [folder, { names }] of files) if (names.some((name) => joined(folder, name) !== '')) enter(folder);
  const namesIn = (folder: string) => files.get(folder)?.names ?? [];
  return {
    isFolder: (path) => known.has(path),
    count: (folder) => (known.get(folder)?.length ?? 0) + namesIn(folder).length,
    of: (folder) => [
      ...(known.get(folder) ?? []),
      ...namesIn(folder).map((name) => ({ path: joined(folder, name), isFolder: false })),
    ],
  };
}

/** The folders that are real ones in a run: from the top down while there are links left, and those that must be. */
function expand(children: Children, mustOpen: ReadonlySet<string>): ReadonlySet<string> {
  const expanded = new Set<string>();
  const waiting = children.isFolder('') ? [''] : [];
  let left = maxLinks;
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const count = children.count(folder);
    if (!mustOpen.has(folder) && count > left) continue;
    expanded.add(folder);
    left = Math.max(0, left - count);
    waiting.push(
      ...children
        .of(folder)
        .filter((each) => each.isFolder)
        .map(pathOf),
    );
  }
  return expanded;
}

/** False when the commit has something else in its place. */
function makeFolder(target: string): boolean {
  return isDone(() => mkdirSync(target)) || isRealFolder(target);
}

function isRealFolder(place: string): boolean {
  return lstatOf(place)?.isDirectory() ?? false;
}

function foldersAbove(path: string): string[] {
  return path === '' ? [] : [parentOf(path), ...foldersAbove(parentOf(path))];
}

const pathOf = ({ path }: Child) => path;

/** Whether the call did what it was to do; false as where something is in its place. */
function isDone(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}
