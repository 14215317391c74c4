/**
 * Follows a study by reading its folder: each entry once it is journalled, and in between the progress of the runs
 * in flight, from their logs. It writes nothing.
 */
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { journalPath, readAdded, readSound } from '../../adapters/archive/read-journal.ts';
import { jobKeyOf } from '../../adapters/run-folders/run-job.ts';
import type { Entry, EntryOf } from '../../core/journal/entry.ts';
import { isAdded } from '../../core/journal/fits.ts';
import { createFold } from '../../core/journal/fold.ts';
import type { History } from '../../core/journal/history.ts';
import type { LoopEvent, RunProgressed } from '../../core/journal/loop-event.ts';
import { readProgress } from '../../core/run/progress.ts';
import type { JobReader } from '../../ports/engine.ts';

export interface Follower {
  /** The study as far as it has been read. */
  readonly history: () => History | undefined;
  /**
   * All events from the first entry on; ends when no controller works on the study and all is read, or at the signal.
   */
  readonly events: (signal: AbortSignal) => AsyncGenerator<LoopEvent>;
}

/** Time between two looks at the journal and the log. */
const pauseMilliseconds = 500;
const maxLogBytes = 1 << 14;

/**
 * Follows the study in this folder; `isHeld` says whether a controller works on it now, `jobs` has the logs of its
 * runs.
 */
export function followStudy(folder: string, isHeld: () => Promise<boolean>, jobs: JobReader): Follower {
  const fold = createFold();
  const path = journalPath(folder);
  let lastSeq = 0;
  let lastSize = -1;
  let goodBytes = 0;

  function* newEntries(): Generator<Entry> {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size === lastSize) return;
    lastSize = size;
    const added = readAdded(path, Math.min(goodBytes, size), lastSeq);
    goodBytes = added.goodBytes;
    yield* taken(added.entries);
    // Not as its controller wrote it: what is sound of it is found from the beginning.
    if (!added.isSound) yield* taken(readSound(path));
  }

  function* taken(entries: Iterable<Entry>): Generator<Entry> {
    for (const entry of entries) {
      if (entry.seq <= lastSeq) continue;
      lastSeq = entry.seq;
      if (!isAdded(fold, entry)) return;
      yield entry;
    }
  }

  async function* events(signal: AbortSignal): AsyncGenerator<LoopEvent> {
    const running = new Map<string, EntryOf<'run-started'>>();
    while (!signal.aborted) {
      // Asked before reading, so that after its controller has exited everything that it wrote is still read.
      const isLive = await isHeld();
      for (const entry of newEntries()) {
        if (entry.event === 'run-started') running.set(nameOf(entry), entry);
        if (entry.event === 'run-ended') running.delete(nameOf(entry));
        yield entry;
      }
      if (!isLive) return;
      for (const run of running.values()) yield await progressOf(folder, run, jobs);
      await delay(pauseMilliseconds, undefined, { signal }).catch(() => {});
    }
  }

  return { history: fold.history, events };
}

function nameOf({ experiment, run }: EntryOf<'run-started' | 'run-ended'>): string {
  return `${experiment}/${run}`;
}

async function progressOf(
  folder: string,
  { experiment, run, at }: EntryOf<'run-started'>,
  jobs: JobReader,
): Promise<RunProgressed> {
  const log = await jobs.readLogEnd(jobKeyOf(folder, { experiment, run }), 'train', maxLogBytes);
  const elapsedSeconds = Math.max(0, (Date.now() - Date.parse(at)) / 1000);
  return { event: 'run-progressed', experiment, run, elapsedSeconds, ...readProgress(log) };
}
