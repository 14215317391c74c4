/**
 * The journal, as the loop needs it: one writer, append-only, durable.
 */
import type { Entry, EntryBody } from '../core/journal/entry.ts';
import type { Intrusion } from '../core/journal/intrusion.ts';

export interface Archive {
  /** Adds one entry; resolves when it is on the disk. Rejects with an ArchiveError when the disk is full or failing. */
  readonly append: (body: EntryBody) => Promise<Entry>;
  /**
   * Undoes what another program wrote into the journal since the last look, and tells of it; the journal is then whole. A
   * thorough look reads all of it. Absent where no other program can reach it.
   */
  readonly look?: (isThorough?: boolean) => Promise<Intrusion | undefined>;
  /** All entries so far, in order. */
  readonly entries: () => Promise<readonly Entry[]>;
  /** Keeps a text in the experiment's folder for people to read; nothing is ever read back from it. */
  readonly keep: (experiment: number, name: string, text: string) => Promise<void>;
}
