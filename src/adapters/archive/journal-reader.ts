/**
 * Reads a journal again and again while another process writes it: a look at a file that has not changed reads nothing,
 * and one at a file that has grown reads what was added.
 *
 * What does not follow on what was read, such as a journal that was repaired or put back, makes it read all of it.
 */
import { type BigIntStats, statSync } from 'node:fs';
import type { Entry } from '../../core/journal/entry.ts';
import { isAdded } from '../../core/journal/fits.ts';
import { createFold, type Fold } from '../../core/journal/fold.ts';
import { type FoldedJournal, foldInto } from './fold-journal.ts';
import { readAdded } from './read-journal.ts';

/** The journal as it is now. The object is another one whenever the journal has changed; its history grows in place. */
export type JournalReader = () => FoldedJournal;

/** A reader of the journal at this path. */
export function createJournalReader(path: string): JournalReader {
  let fold = createFold();
  let goodBytes = 0;
  let seen: string | undefined;
  let folded: FoldedJournal = { whole: undefined };

  const readAll = () => {
    fold = createFold();
    const end = foldInto(fold, path);
    goodBytes = end.goodBytes;
    folded = { whole: fold.whole(), ...(end.damage && { damage: end.damage }) };
  };

  const goOn = (): boolean => {
    if (folded.damage || folded.whole === undefined) return false;
    const added = readAdded(path, goodBytes, folded.whole.history.lastSeq);
    if (!added.isSound || !areAdded(fold, added.entries)) return false;
    goodBytes = added.goodBytes;
    if (added.entries.length > 0) folded = { whole: fold.whole() };
    return true;
  };

  return () => {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    const look = stat && `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
    if (look === seen && look !== undefined) return folded;
    const isGrown = stat !== undefined && isSameFile(seen, stat) && stat.size >= BigInt(goodBytes);
    if (!isGrown || !goOn()) readAll();
    seen = look;
    return folded;
  };
}

function isSameFile(seen: string | undefined, { ino }: BigIntStats): boolean {
  return seen?.startsWith(`${ino} `) ?? false;
}

function areAdded(fold: Fold, entries: readonly Entry[]): boolean {
  return entries.every((entry) => isAdded(fold, entry));
}
