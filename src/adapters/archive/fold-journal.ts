/**
 * Folds a journal file, damaged or not: a history of all that is sound in it, and what is wrong with it.
 */
import type { Damage } from '../../core/journal/damage.ts';
import { isAdded } from '../../core/journal/fits.ts';
import { createFold, type Fold } from '../../core/journal/fold.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { type JournalEnd, readSound } from './read-journal.ts';

export interface FoldedJournal {
  /** Undefined for a study that has not started. */
  readonly whole: WholeHistory | undefined;
  readonly damage?: Damage;
}

/** The history of all sound entries of the journal. */
export function foldJournal(path: string): FoldedJournal {
  const fold = createFold();
  const { damage } = foldInto(fold, path);
  return { whole: fold.whole(), ...(damage && { damage }) };
}

/** Adds all sound entries of the journal to an empty fold; says how many bytes from the beginning on are sound, and what is wrong. */
export function foldInto(fold: Fold, path: string): Pick<JournalEnd, 'goodBytes' | 'damage'> {
  const reading = readSound(path);
  let line = 0;
  for (;;) {
    const { value, done } = reading.next();
    if (done) return value;
    line += 1;
    if (!isAdded(fold, value)) return { goodBytes: 0, damage: unfitting(line, reading) };
  }
}

/** Of a line whose checksum and number are right, and that no controller wrote; all behind it rests on it. */
export function unfitting(line: number, reading: Iterator<unknown>): Damage {
  let resting = 0;
  while (!reading.next().done) resting += 1;
  return { line, foreign: 1, mended: 0, lost: 0, resting };
}
