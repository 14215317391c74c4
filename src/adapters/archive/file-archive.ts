/**
 * The journal as a file: `runs/<tag>/journal.jsonl`, one writer, each entry on the disk before the next step.
 */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ArchiveError } from '../../core/base/errors.ts';
import { formatExperiment } from '../../core/base/format.ts';
import { type Entry, type EntryBody, entryBodySchema } from '../../core/journal/entry.ts';
import { formatLine } from '../../core/journal/journal-line.ts';
import type { Archive } from '../../ports/archive.ts';
import { writeWhole } from '../files/write-whole.ts';
import { steadySeconds } from '../steady-seconds.ts';
import { guardFile } from './guarded-file.ts';
import { type JournalEnd, journalPath, readJournal } from './read-journal.ts';

export interface FileArchive extends Archive {
  readonly close: () => Promise<void>;
  /** Where a torn last line was moved to, if the last writer left one. */
  readonly tornPath: string | undefined;
}

/** Opens a study's journal for writing; the caller holds the study's lock. Throws an ArchiveError when it is damaged. */
export async function openFileArchive(
  studyFolder: string,
  now: () => string,
  live: () => number = steadySeconds,
): Promise<FileArchive> {
  await mkdir(studyFolder, { recursive: true });
  const path = journalPath(studyFolder);
  const { entries, end } = readAll(path);
  const tornPath = await settleEnd(path, end);
  await syncFolder(studyFolder);
  const lineOf = (entry: Entry) => formatLine(entry, crc32);
  const file = await guardFile(path, () => entries.map(lineOf));

  const append = async (body: EntryBody): Promise<Entry> => {
    const entry: Entry = {
      seq: entries.length + 1,
      at: now(),
      live: toMilliseconds(live()),
      ...entryBodySchema.parse(body),
    };
    await file.append(lineOf(entry));
    entries.push(entry);
    return entry;
  };
  const keep = async (experiment: number, name: string, text: string) => {
    await file.requireInPlace();
    const folder = join(studyFolder, formatExperiment(experiment));
    await keepText(folder, name, text);
  };
  return { append, look: file.look, entries: async () => entries, keep, close: file.close, tornPath };
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

/** Moves aside what is torn at the end, and gives where to; whole lines in it stay in the journal. */
async function settleEnd(path: string, { goodBytes, salvaged }: JournalEnd): Promise<string | undefined> {
  const handle = await open(path, 'a+');
  try {
    // Counted in bytes of the file, not of its text: half a character decodes to more bytes than it has on the disk.
    const tornBytes = (await handle.stat()).size - goodBytes;
    if (tornBytes === 0) return undefined;
    const torn = Buffer.alloc(tornBytes);
    await handle.read(torn, 0, tornBytes, goodBytes);
    const whole = salvaged.map(({ text }) => text).join('\n');
    if (torn.equals(Buffer.from(whole))) {
      await handle.appendFile('\n');
      return undefined;
    }
    const tornPath = join(path, '..', `journal.torn-${goodBytes}`);
    await writeWhole(tornPath, torn);
    await handle.truncate(goodBytes);
    await handle.appendFile(whole === '' ? '' : `${whole}\n`);
    await handle.datasync();
    return tornPath;
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}
