/**
 * The journal as a file: `runs/<tag>/journal.jsonl`, one writer, each entry on the disk before the next step.
 */
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ArchiveError } from '../../core/base/errors.ts';
import { formatExperiment } from '../../core/base/format.ts';
import { type Entry, type EntryBody, entryBodySchema } from '../../core/journal/entry.ts';
import { formatLine } from '../../core/journal/journal-line.ts';
import type { Archive } from '../../ports/archive.ts';
import { writeWhole } from '../files/write-whole.ts';
import { steadySeconds } from '../steady-seconds.ts';
import { journalPath, readJournal } from './read-journal.ts';

export interface FileArchive extends Archive {
  readonly close: () => Promise<void>;
  /** Where a torn last line was moved to, if the last writer left one. */
  readonly tornPath: string | undefined;
}

/** Opens a study's journal for writing; the caller holds the study's lock. */
export async function openFileArchive(
  studyFolder: string,
  now: () => string,
  live: () => number = steadySeconds,
): Promise<FileArchive> {
  await mkdir(studyFolder, { recursive: true });
  const path = journalPath(studyFolder);
  const { entries, end } = readAll(path);
  const handle = await open(path, 'a+');
  // Counted in bytes of the file, not of its text: half a character decodes to more bytes than it has on the disk.
  const tornBytes = (await handle.stat()).size - end.goodBytes;
  const tornPath = tornBytes > 0 ? await moveTornTail(handle, studyFolder, end.goodBytes, tornBytes) : undefined;
  await syncFolder(studyFolder);
  let length = end.goodBytes;

  const own = await handle.stat();
  const append = async (body: EntryBody): Promise<Entry> => {
    await requireInPlace(path, own);
    const entry: Entry = {
      seq: entries.length + 1,
      at: now(),
      live: toMilliseconds(live()),
      ...entryBodySchema.parse(body),
    };
    const line = Buffer.from(`${formatLine(entry, crc32)}\n`);
    await write(handle, line, length, path);
    entries.push(entry);
    length += line.length;
    return entry;
  };
  const keep = async (experiment: number, name: string, text: string) => {
    await requireInPlace(path, own);
    const folder = join(studyFolder, formatExperiment(experiment));
    await keepText(folder, name, text);
  };
  return { append, entries: async () => entries, keep, close: () => handle.close(), tornPath };
}

function toMilliseconds(seconds: number): number {
  return Number(seconds.toFixed(3));
}

function readAll(path: string) {
  const entries: Entry[] = [];
  const reading = readJournal(path);
  for (;;) {
    const { value, done } = reading.next();
    if (done) return { entries, end: value };
    entries.push(value);
  }
}

/** Throws when the journal's folder was moved or deleted: what is written to the open file would be found by no one. */
async function requireInPlace(path: string, own: { readonly dev: number; readonly ino: number }): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.ino === own.ino && found.dev === own.dev) return;
  throw new ArchiveError(`The journal ${path} was moved or deleted while the study ran.`, {
    hint: 'Put its folder back, or rename it with `nocturne rename`, and run the study again; what was journalled is in it.',
  });
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
    throw new ArchiveError(`The journal ${path} could not be written: ${(error as Error).message}.`, {
      hint: 'Make room on the disk and run the study again; what was journalled is safe.',
      cause: error,
    });
  }
}

async function keepText(folder: string, name: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    // A power cut may lose it: the journal has all that counts.
    await writeWhole(join(folder, name), text, { isDurable: false });
  } catch (error) {
    throw new ArchiveError(`${join(folder, name)} could not be written: ${(error as Error).message}.`, {
      hint: 'Move what is in its place out of the way, or make room on the disk, and run the study again.',
      cause: error,
    });
  }
}

async function moveTornTail(handle: FileHandle, folder: string, goodBytes: number, tornBytes: number): Promise<string> {
  const torn = Buffer.alloc(tornBytes);
  await handle.read(torn, 0, tornBytes, goodBytes);
  const path = join(folder, `journal.torn-${goodBytes}`);
  await writeWhole(path, torn);
  await handle.truncate(goodBytes);
  await handle.datasync();
  return path;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}
