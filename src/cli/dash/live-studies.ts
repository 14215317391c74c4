/**
 * The studies of a brief as their journals are now. Each journal is read on as it grows, and what is worked out of it is kept
 * until it has changed.
 */
import { join } from 'node:path';
import { createJournalReader } from '../../adapters/archive/journal-reader.ts';
import { journalPath } from '../../adapters/archive/read-journal.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { openJobReader } from '../compose/engines.ts';
import { isWorkedOn } from '../study-folder/is-worked-on.ts';
import { createAttachmentCache } from '../study-folder/report-attachments.ts';
import { studyTags } from '../study-folder/studies.ts';
import { createStudyViews, type StudyViews } from './study-views.ts';

export interface LiveStudy extends WholeHistory {
  readonly tag: string;
  /** Absolute `runs/<tag>`. */
  readonly folder: string;
  /** Whether a controller works on it now. */
  readonly isLive: boolean;
  /** Changes whenever anything is journalled, and when a controller comes or goes. */
  readonly version: string;
  readonly views: StudyViews;
}

export interface LiveStudies {
  /** The tags of all studies, the one worked on last first. */
  readonly tags: () => readonly string[];
  /** The study as it is now; undefined for one that is not there, or whose journal does not say what it is. */
  readonly read: (tag: string) => Promise<LiveStudy | undefined>;
}

type Reader = () => Promise<LiveStudy | undefined>;

/** The studies in this folder, `runs/`. */
export function openLiveStudies(runs: string): LiveStudies {
  const readers = new Map<string, Reader>();
  const tags = () => studyTags(runs);
  return {
    tags,
    read: async (tag) => {
      // A tag comes from an address: only what is in the folder is looked at.
      if (!readers.has(tag) && !tags().includes(tag)) return undefined;
      const reader = readers.get(tag) ?? createReader(tag, join(runs, tag));
      readers.set(tag, reader);
      return reader();
    },
  };
}

function createReader(tag: string, folder: string): Reader {
  const readJournal = createJournalReader(journalPath(folder));
  let folded: ReturnType<typeof readJournal> | undefined;
  let views: StudyViews | undefined;
  let attachmentsOf: ReturnType<typeof createAttachmentCache> | undefined;
  let changes = 0;
  return async () => {
    const isLive = await isWorkedOn(folder);
    const now = readJournal();
    const { whole } = now;
    if (!whole) return undefined;
    if (now !== folded || !views) {
      folded = now;
      changes += 1;
      attachmentsOf ??= createAttachmentCache(folder, openJobReader(whole.history.session.engine));
      views = createStudyViews(whole, attachmentsOf);
    }
    const version = `${whole.history.lastSeq}.${changes}.${isLive ? 'live' : 'idle'}`;
    return { ...whole, tag, folder, isLive, version, views };
  };
}
