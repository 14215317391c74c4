/**
 * Reads a journal file, entry by entry, without holding it in memory.
 *
 * A line counts when its checksum matches and it has the next number. A bad end is what a crash, or a writer that has not
 * finished, leaves: readers take what is whole in it. Anything else that is not as it was written is damage: `readSound` gives
 * all that is sound beside it, `readJournal` throws.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ArchiveError } from '../../core/base/errors.ts';
import { type Damage, damageText } from '../../core/journal/damage.ts';
import type { Entry } from '../../core/journal/entry.ts';
import { fits, isAdded } from '../../core/journal/fits.ts';
import { createFold, type Fold } from '../../core/journal/fold.ts';
import { parseLine } from '../../core/journal/journal-line.ts';
import { nameOf } from '../files/read-file.ts';
import { chooseLines, type Preferred } from './choose-lines.ts';
import { type Piece, type SoundLine, salvage } from './salvage.ts';

const chunkBytes = 1 << 20;

/** What is known about the file once all entries are read. */
export interface JournalEnd {
  /** Bytes of lines that are as they were written, from the beginning on; what follows them is torn, or damage. */
  readonly goodBytes: number;
  /** What is sound behind them, in order. */
  readonly salvaged: readonly SoundLine[];
  /** Absent for a journal that is whole but for its end. */
  readonly damage?: Damage;
}

/** All sound entries of a journal, in order; the generator returns what is wrong with it. An absent file is empty. */
export function* readSound(path: string): Generator<Entry, JournalEnd> {
  let held: { readonly entry: Entry; readonly bytes: number } | undefined;
  let goodBytes = 0;
  for (const { bytes, isWhole } of readLines(path)) {
    const entry = isWhole ? entryOf(bytes) : undefined;
    if (entry?.seq !== (held?.entry.seq ?? 0) + 1) {
      // The last line may be forged, and the next one the study's: it is searched with the rest.
      const rest = readRest(path, goodBytes - (held?.bytes ?? 0), held?.entry.seq ?? 0);
      if (held && !rest.isReplaced) yield held.entry;
      yield* rest.salvaged.map((line) => line.entry);
      const { isReplaced, ...end } = rest;
      return isReplaced ? { ...end, goodBytes: goodBytes - (held?.bytes ?? 0) } : { ...end, goodBytes };
    }
    if (held) yield held.entry;
    held = { entry, bytes: bytes.length + 1 };
    goodBytes += held.bytes;
  }
  if (held) yield held.entry;
  return { goodBytes, salvaged: [] };
}

/** All entries of a journal that is as it was written but for its end. Throws an ArchiveError that names the first other line. */
export function* readJournal(path: string): Generator<Entry, JournalEnd> {
  const end = yield* readSound(path);
  if (end.damage) throw damaged(path, end.damage);
  return end;
}

/** What was added to a journal since it was read. */
export interface Added {
  readonly entries: readonly Entry[];
  /** Bytes of the file up to the end of the last of them. */
  readonly goodBytes: number;
  /** Whether nothing but an unfinished line follows them. */
  readonly isSound: boolean;
}

/** The entries from this byte on, which follow on the one with this number. */
export function readAdded(path: string, fromByte: number, lastSeq: number): Added {
  const entries: Entry[] = [];
  let goodBytes = fromByte;
  for (const { bytes, isWhole } of readLines(path, fromByte)) {
    if (!isWhole) break;
    const entry = entryOf(bytes);
    if (entry?.seq !== lastSeq + entries.length + 1) return { entries, goodBytes, isSound: false };
    entries.push(entry);
    goodBytes += bytes.length + 1;
  }
  return { entries, goodBytes, isSound: true };
}

/** The path of a study's journal. */
export function journalPath(studyFolder: string): string {
  return join(studyFolder, 'journal.jsonl');
}

/** That a journal is damaged, with the command that repairs it. */
export function damaged(path: string, damage: Damage): ArchiveError {
  return new ArchiveError(`The journal ${path} is damaged at line ${damage.line}: ${damageText(damage)}.`, {
    hint: `Repair it with \`nocturne check --repair --tag ${basename(dirname(path))}\`, which keeps all that is sound and a copy of the rest; nothing was changed.`,
  });
}

function entryOf(bytes: Buffer): Entry | undefined {
  try {
    return parseLine(bytes.toString('utf8'), crc32);
  } catch {
    // A good checksum over what is no JSON.
    return undefined;
  }
}

interface Rest extends Omit<JournalEnd, 'goodBytes'> {
  /** Whether another line was taken in the place of the last good one. */
  readonly isReplaced: boolean;
}

/** What is sound from this byte on: the last good line, which has this number, and what follows it. */
function readRest(path: string, from: number, lastSeq: number): Rest {
  const pieces = salvage(readBytes(path, from));
  const lines = pieces.filter((piece) => piece.kind === 'line');
  const first = lastSeq === 0 ? undefined : lines[0];
  const isEnd = pieces.every((piece) => piece === first || piece.kind === 'foreign' || piece.isDug);
  if (isEnd && lines.every((line) => line === first || line.entry.seq > lastSeq)) {
    return { isReplaced: false, salvaged: unbroken(lines.slice(first ? 1 : 0), lastSeq) };
  }
  // A program that forges an entry takes the number that the controller then gives to its own: of two, the later is tried first.
  const later = choose(path, pieces, first, lastSeq, 'later');
  if (later.damage.resting === 0) return later;
  const earlier = choose(path, pieces, first, lastSeq, 'earlier');
  return earlier.salvaged.length > later.salvaged.length ? earlier : later;
}

function choose(
  path: string,
  pieces: readonly Piece[],
  first: SoundLine | undefined,
  lastSeq: number,
  preferred: Preferred,
): Rest & { readonly damage: Damage } {
  const lines = pieces.filter((piece) => piece.kind === 'line');
  const chosen = chooseLines(lines, Math.max(0, lastSeq - 1), preferred);
  const isReplaced = first !== undefined && chosen[0] !== first;
  const following = chosen.filter((line) => line !== first);
  const before = isReplaced ? lastSeq - 1 : lastSeq;
  const { fitting, lost } = takeFitting(foldUpTo(path, before), following, before);
  const damage = {
    line: before + 1,
    foreign: pieces.length - chosen.length,
    mended: fitting.filter(({ isMended }) => isMended).length,
    lost,
    resting: following.length - fitting.length,
  };
  return { isReplaced, salvaged: fitting, damage };
}

/** The lines whose numbers follow without a gap: behind one, nothing says what was torn. */
function unbroken(lines: readonly SoundLine[], lastSeq: number): readonly SoundLine[] {
  const gap = lines.findIndex(({ entry }, index) => entry.seq !== lastSeq + 1 + index);
  return gap < 0 ? lines : lines.slice(0, gap);
}

/** The lines up to the first that rests on what is gone, and the number of entries that are gone up to there. */
function takeFitting(fold: Fold, lines: readonly SoundLine[], before: number) {
  const fitting: SoundLine[] = [];
  let last = before;
  let lost = 0;
  for (const line of lines) {
    lost += line.entry.seq - last - 1;
    last = line.entry.seq;
    if (!fits(fold.whole(), line.entry) || !isAdded(fold, line.entry)) break;
    fitting.push(line);
  }
  return { fitting, lost };
}

function foldUpTo(path: string, seq: number): Fold {
  const fold = createFold();
  if (seq === 0) return fold;
  for (const { bytes } of readLines(path)) {
    const entry = entryOf(bytes);
    if (!entry || !isAdded(fold, entry) || entry.seq === seq) break;
  }
  return fold;
}

/** A line of a file; the last one may lack its newline. */
interface Line {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

function* readLines(path: string, fromByte = 0): Generator<Line> {
  let rest: Buffer[] = [];
  for (const chunk of readChunks(path, fromByte)) {
    let from = 0;
    for (let to = chunk.indexOf(0x0a); to >= 0; to = chunk.indexOf(0x0a, from)) {
      const end = chunk.subarray(from, to);
      yield { bytes: rest.length > 0 ? Buffer.concat([...rest, end]) : end, isWhole: true };
      rest = [];
      from = to + 1;
    }
    if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)));
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), isWhole: false };
}

function readBytes(path: string, from: number): Buffer {
  return Buffer.concat([...readChunks(path, from)].map((chunk) => Buffer.from(chunk)));
}

/** The file's bytes in pieces, each good until the next is asked for. */
function* readChunks(path: string, from: number): Generator<Buffer> {
  const file = open(path);
  if (file === undefined) return;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw notAFile(path, nameOf(stat));
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let at = from; ; ) {
      const bytes = readSync(file, buffer, 0, chunkBytes, at);
      if (bytes === 0) return;
      yield buffer.subarray(0, bytes);
      at += bytes;
    }
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
