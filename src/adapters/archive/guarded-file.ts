/**
 * The journal's file while a controller writes it: what another program writes into it meanwhile is noticed before the next
 * entry, moved aside, and undone.
 *
 * A look costs one `stat`: only where that says that the file was touched since the last write of our own is its content
 * compared with what it must be. What it must be is known here as a digest, which no checksum in the file can imitate.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, lstat, open, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ArchiveError } from '../../core/base/errors.ts';
import { isFullDisk } from '../../core/base/full-disk.ts';
import type { Intrusion } from '../../core/journal/intrusion.ts';
import { freeName } from '../files/free-name.ts';
import { writeWhole } from '../files/write-whole.ts';

export interface GuardedFile {
  /** Adds a line and waits for the disk; all of it or nothing. What another program did before is undone first. */
  readonly append: (line: string) => Promise<void>;
  /** Undoes what another program did since the last look, and tells of it. `isThorough` reads the file even if nobody seems to have touched it. */
  readonly look: (isThorough?: boolean) => Promise<Intrusion | undefined>;
  /** Throws an ArchiveError when the journal's folder was moved or deleted. */
  readonly requireInPlace: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Guards the file from now on; `lines` gives all that it must hold, each without its newline. */
export async function guardFile(path: string, lines: () => Iterable<string>): Promise<GuardedFile> {
  const folder = await stat(dirname(path));
  let handle = await open(path, 'a+');
  let { length, digest } = digestOf(await readFile(path));
  let own = await identityOf(path);

  const restore = async (found: Buffer | undefined): Promise<Intrusion> => {
    const isAppended = found !== undefined && isBeginning(found, length, digest);
    const foreign = isAppended ? found.subarray(length) : found;
    const moved = foreign && (await moveAside(path, foreign));
    if (isAppended && (await isOpenFile(handle, path))) await handle.truncate(length);
    else await rewrite();
    await handle.datasync();
    own = await identityOf(path);
    const kind = isAppended ? 'appended' : found ? 'changed' : 'removed';
    return { kind, bytes: foreign?.length ?? 0, ...(moved && { moved: basename(moved) }) };
  };
  const rewrite = async () => {
    const whole = Buffer.from([...lines()].map((line) => `${line}\n`).join(''));
    await writeWhole(path, whole);
    await handle.close();
    handle = await open(path, 'a+');
    ({ length, digest } = digestOf(whole));
  };
  const compare = async (isThorough = false) => {
    const now = await identityOf(path);
    if (now === own && !isThorough) return undefined;
    await requireInPlace();
    const found = now === undefined ? await takeAway(path) : await readFile(path);
    if (found?.length === length && isBeginning(found, length, digest)) {
      if (!(await isOpenFile(handle, path))) {
        await handle.close();
        handle = await open(path, 'a+');
      }
      own = await identityOf(path);
      return undefined;
    }
    return restore(found);
  };
  const requireInPlace = () => requireFolder(path, folder);
  let untold: Intrusion | undefined;

  return {
    append: async (line) => {
      untold = (await compare()) ?? untold;
      const bytes = Buffer.from(`${line}\n`);
      await write(handle, bytes, length, path);
      length += bytes.length;
      digest.update(bytes);
      own = await identityOf(path);
      // Another program came between: the next look compares the contents.
      if ((await handle.stat()).size !== length) own = undefined;
    },
    look: async (isThorough) => {
      const found = untold ?? (await compare(isThorough));
      untold = undefined;
      return found;
    },
    requireInPlace,
    close: () => handle.close(),
  };
}

function digestOf(bytes: Buffer): { length: number; digest: Hash } {
  return { length: bytes.length, digest: createHash('sha256').update(bytes) };
}

function isBeginning(found: Buffer, length: number, digest: Hash): boolean {
  if (found.length < length) return false;
  const ours = digest.copy().digest();
  return createHash('sha256').update(found.subarray(0, length)).digest().equals(ours);
}

/** What changes with every write to a file and every file put in its place; undefined when none is there. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ') : undefined;
}

async function isOpenFile(handle: FileHandle, path: string): Promise<boolean> {
  const [opened, found] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
  return opened.ino === found?.ino && opened.dev === found.dev;
}

/** Throws when the journal's folder was moved or deleted: what is written there would be found by no one. */
async function requireFolder(path: string, own: { readonly dev: number; readonly ino: number }): Promise<void> {
  const found = await stat(dirname(path)).catch(() => undefined);
  if (found?.ino === own.ino && found.dev === own.dev) return;
  throw new ArchiveError(`The journal ${path} was moved or deleted while the study ran.`, {
    hint: 'Put its folder back, or rename it with `nocturne rename`, and run the study again; what was journalled is in it.',
  });
}

/** What is no file, such as a pipe, is put out of the way: reading it might wait for ever. */
async function takeAway(path: string): Promise<undefined> {
  if (await lstat(path).catch(() => undefined)) await rename(path, await freeName(dirname(path), 'journal.foreign'));
}

async function moveAside(path: string, bytes: Buffer): Promise<string> {
  const aside = await freeName(dirname(path), 'journal.foreign');
  await writeWhole(aside, bytes);
  return aside;
}

/** Writes all of the line or none: on a full disk a write may store a part and report no error before the next one. */
async function write(handle: FileHandle, line: Buffer, length: number, path: string): Promise<void> {
  try {
    let written = 0;
    while (written < line.length) {
      written += (await handle.write(line, written, line.length - written)).bytesWritten;
    }
    await handle.datasync();
  } catch (error) {
    await handle.truncate(length).catch(() => {});
    const why = isFullDisk(error) ? 'no room is left on its disk' : (error as Error).message;
    throw new ArchiveError(`The journal ${path} could not be written: ${why}.`, {
      hint: 'Make room on the disk and run the study again; what was journalled is safe.',
      cause: error,
    });
  }
}
