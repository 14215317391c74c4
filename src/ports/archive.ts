/**
 * The journal, as the loop needs it: one writer, append-only, durable.
 */
import type { Entry, EntryBody } from '../core/journal/entry.ts';

export interface Archive {
  /** Adds one entry; resolves when it is on the disk. Rejects with an ArchiveError when the disk is full or failing. */
  readonly append: (body: EntryBody) => Promise<Entry>;
  /** All entries so far, in order. */
  readonly entries: () => Promise<readonly Entry[]>;
  /** Keeps a text in the experiment's folder for people to read; nothing is ever read back from it. */
  readonly keep: (experiment: number, name: string, text: string) => Promise<void>;
}
