/**
 * Reads a journal file, entry by entry, without holding it in memory.
 *
 * A line counts when its checksum matches. A bad last line is what a crash, or a writer that has not finished, leaves,
 * so readers skip it; a bad line with others behind it is damage, and an error that names the line.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { crc32 } from 'node:zlib';
import { ArchiveError } from '../../core/base/errors.ts';
import type { Entry } from '../../core/journal/entry.ts';
import { parseLine } from '../../core/journal/journal-line.ts';
import { nameOf } from '../files/read-file.ts';

const chunkBytes = 1 << 20;

/** What is known about the file's end once all entries are read. */
export interface JournalEnd {
  /** Bytes of whole lines with a matching checksum; what follows them is torn. */
  readonly goodBytes: number;
}

/** All entries of a journal, in order; the generator returns where the good lines end. An absent file is empty. */
export function* readJournal(path: string): Generator<Entry, JournalEnd> {
  let goodBytes = 0;
  let lineNumber = 0;
  let isTorn = false;
  for (const line of readLines(path)) {
    lineNumber += 1;
    if (isTorn) throw damaged(path, lineNumber - 1);
    const entry = line.isWhole ? parseLine(line.text, crc32) : undefined;
    if (!entry) {
      isTorn = true;
      continue;
    }
    if (entry.seq !== lineNumber) throw damaged(path, lineNumber, `it is number ${entry.seq}, expected ${lineNumber}`);
    goodBytes += Buffer.byteLength(line.text) + 1;
    yield entry;
  }
  return { goodBytes };
}

/** The path of a study's journal. */
export function journalPath(studyFolder: string): string {
  return join(studyFolder, 'journal.jsonl');
}

/** A line of a file; the last one may lack its newline. */
interface Line {
  readonly text: string;
  readonly isWhole: boolean;
}

function* readLines(path: string): Generator<Line> {
  const file = open(path);
  if (file === undefined) return;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw notAFile(path, nameOf(stat));
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (;;) {
      const bytes = readSync(file, buffer);
      if (bytes === 0) break;
      const lines = (rest + decoder.write(buffer.subarray(0, bytes))).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield { text, isWhole: true };
    }
    rest += decoder.end();
    if (rest !== '') yield { text: rest, isWhole: false };
  } finally {
    closeSync(file);
  }
}

function open(path: string): number | undefined {
  try {
    // Without this flag, opening a pipe that was put in its place waits for a writer.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ArchiveError(`The journal ${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

function notAFile(path: string, found: string): ArchiveError {
  return new ArchiveError(`The journal ${path} must be a file, found ${found}.`, {
    hint: 'Restore the file from a backup, or start a new study with --tag; nothing was changed.',
  });
}

function damaged(path: string, line: number, detail = 'its checksum does not match'): ArchiveError {
  return new ArchiveError(`The journal ${path} is damaged at line ${line}: ${detail}.`, {
    hint: 'Restore the file from a backup, or start a new study with --tag; nothing was changed.',
  });
}
