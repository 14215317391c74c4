/** What a study in a scripted lab has come to, for tests of the loop. */
import type { EntryBody, EntryOf } from '../../src/core/journal/entry.ts';
import { foldHistory } from '../../src/core/journal/fold.ts';
import type { History } from '../../src/core/journal/history.ts';
import type { ScriptedLab } from '../../src/testing/index.ts';

/** The entries of this kind, in order. */
export function entriesOf<Event extends EntryBody['event']>(lab: ScriptedLab, event: Event): EntryOf<Event>[] {
  return lab.archive.journal.filter((entry) => entry.event === event) as EntryOf<Event>[];
}

/** The study as its journal has it. */
export function historyOf(lab: ScriptedLab): History {
  const history = foldHistory(lab.archive.journal);
  if (!history) throw new Error('the study has begun');
  return history;
}

/** Each ref with the trees of its commit and of those before it: hashes of commits depend on times. */
export function treesOfRefs({ workspace: { commits, refs } }: ScriptedLab): Record<string, string[]> {
  const lineage = (commit: string | undefined): string[] => {
    const found = commit === undefined ? undefined : commits.get(commit);
    return found ? [found.tree, ...lineage(found.parent)] : [];
  };
  return Object.fromEntries([...refs].sort().map(([name, commit]) => [name, lineage(commit)]));
}
