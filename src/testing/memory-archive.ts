/**
 * A journal in memory, checked by the same schema as the file.
 *
 * Entries go through JSON on their way in, so that a test sees exactly what a reader of the file would.
 */

import { formatExperiment } from '../core/base/format.ts';
import { type Entry, type EntryBody, entryBodySchema } from '../core/journal/entry.ts';
import type { Archive } from '../ports/archive.ts';

export interface MemoryArchive extends Archive {
  /** The entries so far. */
  readonly journal: readonly Entry[];
  /** Files written for people to read, by name, such as `0007/patch.diff`. */
  readonly kept: ReadonlyMap<string, string>;
}

/** An archive that begins with these entries. */
export function createMemoryArchive(now: () => string, earlier: readonly Entry[] = []): MemoryArchive {
  const journal = [...earlier];
  const kept = new Map<string, string>();
  return {
    journal,
    kept,
    append: async (body: EntryBody) => {
      const entry = { seq: journal.length + 1, at: now(), ...entryBodySchema.parse(body) };
      const stored = JSON.parse(JSON.stringify(entry)) as Entry;
      journal.push(stored);
      return stored;
    },
    entries: async () => [...journal],
    keep: async (experiment, name, text) => {
      kept.set(`${formatExperiment(experiment)}/${name}`, text);
    },
  };
}
