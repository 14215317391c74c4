/**
 * Makes a damaged journal whole again from what is sound in it. Its lines keep their order and get numbers without gaps; the file
 * as it was stays beside it.
 */
import { copyFile, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Damage, damageText } from '../../core/journal/damage.ts';
import type { Entry, EntryBody } from '../../core/journal/entry.ts';
import { isAdded } from '../../core/journal/fits.ts';
import { createFold } from '../../core/journal/fold.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { formatLine } from '../../core/journal/journal-line.ts';
import { freeName } from '../files/free-name.ts';
import { writeWhole } from '../files/write-whole.ts';
import { unfitting } from './fold-journal.ts';
import { readSound } from './read-journal.ts';

/** What a repair would leave: the entries, in order, and the history of them. */
export interface SoundJournal {
  readonly entries: readonly Entry[];
  readonly whole: WholeHistory;
  readonly damage: Damage;
}

/** What is sound in a journal and fits together; undefined for one that needs no repair, or of which nothing is left. */
export function readForRepair(path: string): SoundJournal | undefined {
  const fold = createFold();
  const entries: Entry[] = [];
  const reading = readSound(path);
  for (;;) {
    const { value, done } = reading.next();
    if (done) {
      const whole = fold.whole();
      return value.damage && whole ? { entries, whole, damage: value.damage } : undefined;
    }
    const entry = { ...value, seq: entries.length + 1 };
    if (isAdded(fold, entry)) {
      entries.push(entry);
      continue;
    }
    const whole = fold.whole();
    return whole && { entries, whole, damage: unfitting(entry.seq, reading) };
  }
}

/** Writes the journal anew, with an entry that says so last; gives the name of the file that has it as it was. */
export async function writeRepaired(path: string, { entries, damage }: SoundJournal, at: string): Promise<string> {
  const before = await freeName(dirname(path), 'journal.damaged');
  await copyFile(path, before);
  await syncFile(before);
  const { size: bytes } = await stat(before);
  const moved = basename(before);
  const body: EntryBody = { event: 'journal-mended', kind: 'repaired', bytes, moved, detail: damageText(damage) };
  const all: readonly Entry[] = [...entries, { ...body, seq: entries.length + 1, at }];
  await writeWhole(path, all.map((entry) => `${formatLine(entry, crc32)}\n`).join(''));
  return moved;
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.sync();
  await handle.close();
}
