/**
 * The files of a tree, in columns for each folder. An object and a whole path for each of 60,000 files cost more time than the
 * system calls that find them, so both are made only for the files that are asked for.
 */

/** What is known of a file: its change time in milliseconds and its bytes; further what only some have. */
export interface FileState {
  readonly ctime: number;
  readonly size: number;
  /** Absent for a regular file. */
  readonly kind?: 'link' | 'special' | undefined;
  /** Of its content; absent for a file of a large tree, of which any touch counts as a change. */
  readonly hash?: string | undefined;
}

/** The files of one folder; a row is the same index in each column. */
export interface FolderFiles {
  readonly names: readonly string[];
  readonly ctimes: readonly number[];
  readonly sizes: readonly number[];
  /** Row -> what only some files have. */
  readonly more: ReadonlyMap<number, Pick<FileState, 'kind' | 'hash'>>;
}

/** Paths are `/`-separated and below the root; `''` is the root itself, where it is a file. */
export interface FileTable {
  readonly get: (path: string) => FileState | undefined;
  readonly set: (path: string, state: FileState) => void;
  readonly delete: (path: string) => void;
  readonly size: () => number;
  /** All paths with their states, folder by folder. */
  readonly entries: () => Iterable<readonly [string, FileState]>;
  /** Folder -> its files; a folder without files may be absent. */
  readonly folders: ReadonlyMap<string, FolderFiles>;
}

interface Folder extends FolderFiles {
  readonly names: string[];
  readonly ctimes: number[];
  readonly sizes: number[];
  readonly more: Map<number, Pick<FileState, 'kind' | 'hash'>>;
  /** Name -> row, made when the first file of the folder is asked for. */
  rows?: Map<string, number> | undefined;
}

/** Adds the files of one folder, in the order in which they are found. */
export type AddFile = (name: string, state: FileState) => void;

export interface GrowingTable extends FileTable {
  /** Opens a folder that is new to the table. */
  readonly open: (folder: string) => AddFile;
}

/** A table with these folders, which it takes over. */
export function createFileTable(given: Iterable<readonly [string, FolderFiles]> = []): GrowingTable {
  const folders = new Map<string, Folder>();
  for (const [path, { names, ctimes, sizes, more }] of given) {
    folders.set(path, { names: [...names], ctimes: [...ctimes], sizes: [...sizes], more: new Map(more) });
  }
  const open = (path: string): Folder => {
    const folder: Folder = { names: [], ctimes: [], sizes: [], more: new Map() };
    folders.set(path, folder);
    return folder;
  };
  const find = (path: string): { readonly folder: Folder; readonly row: number } | undefined => {
    const folder = folders.get(parentOf(path));
    const row = folder && rowsOf(folder).get(nameOf(path));
    return row === undefined || !folder ? undefined : { folder, row };
  };
  return {
    folders,
    open: (path) => {
      const folder = open(path);
      return (name, state) => add(folder, name, state);
    },
    get: (path) => {
      const found = find(path);
      return found && stateAt(found.folder, found.row);
    },
    set: (path, state) => {
      const found = find(path);
      if (found) write(found.folder, found.row, state);
      else add(folders.get(parentOf(path)) ?? open(parentOf(path)), nameOf(path), state);
    },
    delete: (path) => {
      const found = find(path);
      if (found) remove(found.folder, found.row);
    },
    size: () => [...folders.values()].reduce((sum, { names }) => sum + names.length, 0),
    entries: function* () {
      for (const [path, folder] of folders) {
        for (const [row, name] of folder.names.entries()) yield [joined(path, name), stateAt(folder, row)] as const;
      }
    },
  };
}

function add(folder: Folder, name: string, state: FileState): void {
  const row = folder.names.push(name) - 1;
  folder.rows?.set(name, row);
  folder.ctimes.push(state.ctime);
  folder.sizes.push(state.size);
  addMore(folder, row, state);
}

function addMore({ more }: Folder, row: number, { kind, hash }: FileState): void {
  if (kind !== undefined || hash !== undefined) more.set(row, { kind, hash });
}

function write(folder: Folder, row: number, state: FileState): void {
  folder.ctimes[row] = state.ctime;
  folder.sizes[row] = state.size;
  folder.more.delete(row);
  addMore(folder, row, state);
}

/** The last file takes the place of one that is removed. */
function remove(folder: Folder, row: number): void {
  const last = folder.names.length - 1;
  const [name, state] = [folder.names[last] ?? '', stateAt(folder, last)];
  folder.rows?.delete(folder.names[row] ?? '');
  if (row < last) {
    folder.names[row] = name;
    folder.rows?.set(name, row);
    write(folder, row, state);
  }
  folder.more.delete(last);
  folder.names.pop();
  folder.ctimes.pop();
  folder.sizes.pop();
}

function stateAt({ ctimes, sizes, more }: FolderFiles, row: number): FileState {
  return { ctime: ctimes[row] ?? 0, size: sizes[row] ?? 0, ...more.get(row) };
}

function rowsOf(folder: Folder): ReadonlyMap<string, number> {
  folder.rows ??= new Map(folder.names.map((name, row) => [name, row]));
  return folder.rows;
}

/** The folder of a path below a root; `''` for the root itself. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of a name in a folder below a root. */
export function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
