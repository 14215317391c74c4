/**
 * Folds a journal file, damaged or not: a history of all that is sound in it, and what is wrong with it.
 */
import type { Damage } from '../../core/journal/damage.ts';
import { isAdded } from '../../core/journal/fits.ts';
import { createFold } from '../../core/journal/fold.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { readSound } from './read-journal.ts';

export interface FoldedJournal {
  /** Undefined for a study that has not started. */
  readonly whole: WholeHistory | undefined;
  readonly damage?: Damage;
}

/** The history of all sound entries of the journal. */
export function foldJournal(path: string): FoldedJournal {
  const fold = createFold();
  const reading = readSound(path);
  let line = 0;
  for (;;) {
    const { value, done } = reading.next();
    if (done) return { whole: fold.whole(), ...(value.damage && { damage: value.damage }) };
    line += 1;
    if (!isAdded(fold, value)) return { whole: fold.whole(), damage: unfitting(line, reading) };
  }
}

/** Of a line whose checksum and number are right, and that no controller wrote; all behind it rests on it. */
export function unfitting(line: number, reading: Iterator<unknown>): Damage {
  let resting = 0;
  while (!reading.next().done) resting += 1;
  return { line, foreign: 1, mended: 0, lost: 0, resting };
}
