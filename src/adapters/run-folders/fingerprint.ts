/**
 * Detects whether files changed: first, cheaply, by what `lstat` says; by content only where that differs.
 *
 * A program cannot set the change time (ctime), so a file of the same size with the same ctime is taken as unchanged. Until
 * runs are isolated this detects tampering but does not prevent it. Trees are walked synchronously, folder by folder, because
 * a promise for each of 60,000 files costs ten times what the system calls do.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  createReadStream,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { parseStrictNumber } from '../../core/base/strict-number.ts';
import { createFileTable, type FileState, type FileTable, joined } from './file-table.ts';

/** What tells one state of a file from another. */
export type FileMark = Pick<FileState, 'ctime' | 'size' | 'hash'>;
/** What `lstat` says of a file, or of whatever is in a file's place. */
export type Entry = Omit<FileState, 'hash'>;

/** Path below the root -> mark; `''` when the root is a file. */
export type Fingerprint = Readonly<Record<string, FileMark>>;

const markSchema = z.object({ ctime: z.number(), size: z.number(), hash: z.string().optional() });
/** The mark of earlier versions: mode, size, inode, mtime and ctime in nanoseconds, in one text. */
const formerMarkSchema = z.object({ stat: z.string(), hash: z.string() }).transform(({ stat, hash }): FileMark => {
  const [, size = 0, , , ctime = 0] = stat.split(' ').map((text) => parseStrictNumber(text)?.value ?? 0);
  return { ctime: ctime / 1e6, size, hash };
});
export const fingerprintSchema: z.ZodType<Fingerprint> = z.record(z.string(), z.union([markSchema, formerMarkSchema]));

/** Length of a file of fingerprints that is read, in bytes: 512 MiB are some five million files. */
export const maxSealBytes = 1 << 29;

/**
 * Names that may change. Git keeps its own files in a submodule, Python writes bytecode beside each file that it imports, file managers leave files of their own, and
 * a virtual environment belongs to the interpreter, not to the study. The scorer reads no bytecode from such folders, since
 * its environment names another folder for it.
 */
const unwatched = new Set(['.git', '__pycache__', '.venv', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** What is below a root; paths are `/`-separated, and `''` is the root itself. */
export interface Tree {
  /** Every watched file, link and device. */
  readonly files: FileTable;
  /** Every folder -> its change time in milliseconds: it moves when an entry of the folder comes, goes or is replaced. */
  readonly folders: ReadonlyMap<string, number>;
  /** Folders that are there and not looked into. */
  readonly opaque: ReadonlySet<string>;
}

export interface WalkOptions {
  /** Whether the root and folders below may be links to folders elsewhere. */
  readonly isFollowing?: boolean;
}

/** Lists what is below a folder, or one file; empty for a path that does not exist. */
export async function walkTree(root: string, { isFollowing = false }: WalkOptions = {}): Promise<Tree> {
  const files = createFileTable();
  const folders = new Map<string, number>();
  const opaque = new Set<string>();
  const entered = new Set<string>();
  const waiting = [''];
  let seen = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const place = folder === '' ? root : `${root}/${folder}`;
    const stat = (isFollowing ? statOf(place) : undefined) ?? lstatOf(place);
    if (!stat) continue;
    const names = stat.isDirectory() ? attempt(() => readdirSync(place)) : undefined;
    // A folder that training code made unreadable counts as one new file, and the files that were in it as gone.
    if (!names) {
      files.set(folder, entryOf(stat));
      continue;
    }
    if (isFollowing && isEnvironment(place, names)) {
      opaque.add(folder);
      continue;
    }
    if (isFollowing && !isFirst(entered, place)) continue;
    folders.set(folder, stat.ctimeMs);
    const add = files.open(folder);
    for (const name of names) {
      if (unwatched.has(name)) {
        if (name === '.venv') opaque.add(joined(folder, name));
        continue;
      }
      const at = `${place}/${name}`;
      const found = lstatOf(at);
      if (!found) continue;
      const isFolder = found.isDirectory() || (isFollowing && found.isSymbolicLink() && leadsToFolder(at));
      if (isFolder) waiting.push(joined(folder, name));
      else add(name, entryOf(found));
    }
    seen += names.length;
    if (seen < turnLength) continue;
    seen = 0;
    await nextTurn();
  }
  return { files, folders, opaque };
}

/** Entries after which other work gets its turn. */
const turnLength = 10_000;

/** A virtual environment by whatever name. Not asked of a run's own trees, in which a script could hide a folder so. */
function isEnvironment(place: string, names: readonly string[]): boolean {
  return basename(place) === '.venv' || names.includes('pyvenv.cfg');
}

/** False for a folder that was walked under another name: a link may lead to a folder above it. */
function isFirst(entered: Set<string>, place: string): boolean {
  const real = attempt(() => realpathSync(place)) ?? place;
  if (entered.has(real)) return false;
  entered.add(real);
  return true;
}

function leadsToFolder(place: string): boolean {
  return statOf(place)?.isDirectory() ?? false;
}

function entryOf(stat: Stats): Entry {
  const { ctimeMs: ctime, size } = stat;
  if (stat.isFile()) return { ctime, size };
  return { ctime, size, kind: stat.isSymbolicLink() ? 'link' : 'special' };
}

/** What is at a path, for a fingerprint; undefined for nothing. */
export function entryAt(place: string): Entry | undefined {
  const stat = lstatOf(place);
  return stat && entryOf(stat);
}

/** What is at a path, links followed; undefined for nothing that can be reached. */
export function statOf(place: string): Stats | undefined {
  return attempt(() => statSync(place));
}

/** The same for a link itself. */
export function lstatOf(place: string): Stats | undefined {
  return attempt(() => lstatSync(place));
}

/** What a file system call gives; undefined when it fails. */
function attempt<Value>(call: () => Value): Value | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

/** The fingerprint of all files below a folder, or of one file; empty for a path that does not exist. */
export async function takeFingerprint(root: string): Promise<Fingerprint> {
  const marks: Record<string, FileMark> = {};
  for (const [path, entry] of (await walkTree(root)).files.entries()) {
    marks[path] = await markOf(join(root, path), entry);
  }
  return marks;
}

/** The mark of one file, with its hash. */
export async function markOf(place: string, entry: Entry): Promise<FileMark> {
  return { ctime: entry.ctime, size: entry.size, hash: await hashOf(place, entry) };
}

/** A path that is not as its fingerprint says. */
export interface Change {
  readonly path: string;
  readonly kind: 'gone' | 'changed' | 'added';
}

/** Every path that is gone, has another content or is new, in this order. */
export async function findChanges(
  root: string,
  before: Pick<FileTable, 'get' | 'entries'>,
  now: Pick<FileTable, 'get' | 'entries'>,
): Promise<readonly Change[]> {
  const found: Change[] = [];
  for (const [path] of before.entries()) if (!now.get(path)) found.push({ path, kind: 'gone' });
  const added: Change[] = [];
  for (const [path, entry] of now.entries()) {
    const mark = before.get(path);
    if (!mark) added.push({ path, kind: 'added' });
    else if (
      !isSameState(mark, entry) &&
      (mark.hash === undefined || mark.hash !== (await hashOf(join(root, path), entry)))
    )
      found.push({ path, kind: 'changed' });
  }
  return [...found, ...added];
}

/** Whether a file or folder is as its fingerprint says, with nothing added to it. */
export async function isUnchanged(root: string, before: Fingerprint): Promise<boolean> {
  return (await findChanges(root, tableOf(before), (await walkTree(root)).files)).length === 0;
}

/** A fingerprint as a table of its files. */
export function tableOf(marks: Fingerprint): FileTable {
  const table = createFileTable();
  for (const [path, mark] of Object.entries(marks)) table.set(path, mark);
  return table;
}

/** Whether `lstat` still says what it said. */
export function isSameState(mark: FileMark, entry: Entry): boolean {
  return mark.ctime === entry.ctime && mark.size === entry.size;
}

async function hashOf(path: string, { kind, size }: Entry): Promise<string> {
  if (kind === 'link') return `-> ${await readlink(path).catch(() => '')}`;
  if (kind === 'special') return kind;
  const hash = createHash('sha256');
  if (size <= smallBytes) {
    // Without this flag, opening a pipe that was put in the file's place waits for a writer.
    const file = attempt(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    if (file === undefined) return 'unreadable';
    const bytes = attempt(() => readFileSync(file));
    closeSync(file);
    return bytes ? hash.update(bytes).digest('hex') : 'unreadable';
  }
  return pipeline(createReadStream(path), hash).then(
    () => hash.digest('hex'),
    () => 'unreadable',
  );
}

/** A file of at most this many bytes is read in one piece. */
const smallBytes = 1 << 18;
