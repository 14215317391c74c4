/**
 * The studies of a brief as their journals are now. Each journal is read on as it grows, and what is worked out of it is kept
 * until it has changed.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createJournalReader } from '../../adapters/archive/journal-reader.ts';
import { journalPath } from '../../adapters/archive/read-journal.ts';
import { trackerStatesFile } from '../../adapters/files/study-files.ts';
import type { Damage } from '../../core/journal/damage.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { openJobReader } from '../compose/engines.ts';
import { type Presence, readPresence } from '../study-folder/presence.ts';
import { createAttachmentCache } from '../study-folder/report-attachments.ts';
import { studyTags } from '../study-folder/studies.ts';
import { createStudyViews, type StudyViews } from './study-views.ts';

export interface LiveStudy extends WholeHistory, Presence {
  readonly tag: string;
  /** Absolute `runs/<tag>`. */
  readonly folder: string;
  /** Changes whenever anything is journalled, when a controller comes or goes, when it begins or ends to wait for room, and after a sending to a tracker. */
  readonly version: string;
  /** What is wrong with its journal; absent where nothing is. */
  readonly damage?: Damage;
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
    const presence = await readPresence(folder);
    const now = readJournal();
    const { whole, damage } = now;
    if (!whole) return undefined;
    if (now !== folded || !views) {
      folded = now;
      changes += 1;
      attachmentsOf ??= createAttachmentCache(folder, openJobReader(whole.history.session.engine));
      views = createStudyViews(whole, attachmentsOf);
    }
    const version = `${whole.history.lastSeq}.${changes}.${presenceName(presence)}.${lastSending(folder)}`;
    return { ...whole, ...presence, tag, folder, version, views, ...(damage && { damage }) };
  };
}

function presenceName({ isLive, roomAwaited }: Presence): string {
  if (roomAwaited) return 'without-room';
  return isLive ? 'live' : 'idle';
}

/** When a sending to a tracker ended last; 0 before the first. */
function lastSending(folder: string): number {
  return statSync(join(folder, trackerStatesFile), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
