/**
 * Follows what a job prints on its node: its logs grow in its folder here meanwhile, and what it leaves is fetched once it has ended.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobKey, Stage } from '../../../ports/engine.ts';
import { logPath } from '../job-files.ts';
import { type JobLine, readJobLine } from './job-lines.ts';
import type { RayApi } from './ray-api.ts';

/** What is known of a job from its own lines. */
export interface Followed {
  /** Seconds that it had run, and when that was heard, on the clock of this process. */
  readonly elapsed: { readonly seconds: number; readonly heard: number };
  readonly stage: Stage['name'] | undefined;
  /** The archive of what it left, whole, for `bringHome`. */
  readonly home: string | undefined;
  /** Bytes of what training saved, where that is too much to come back. */
  readonly left: number | undefined;
  /** Why it could not be started there. */
  readonly failed: string | undefined;
}

export interface Follower {
  /** Reads on; the lines of a job that has ended are read to their end. False where its log is gone. */
  readonly read: (node: string, hasEnded: boolean) => Promise<boolean>;
  readonly now: () => Followed;
}

/** What one look at a running job reads: it prints fewer lines between two looks, or all are read. */
const lookLines = 64;

/** Follows one start of a job. */
export function followJob(api: RayApi, job: JobKey, id: string, maxBytes: number): Follower {
  const home = join(job.folder, 'home.tar.gz');
  let next = 0;
  let known: Followed = {
    elapsed: { seconds: 0, heard: performance.now() },
    stage: undefined,
    home: undefined,
    left: undefined,
    failed: undefined,
  };
  let digest = createHash('sha256');
  let received = 0;

  /** Reads the last lines; whether none is missing between them and those that were read before. */
  async function readLast(node: string, lines: number | 'all'): Promise<'read' | 'missing' | 'gone'> {
    const files = openedFiles();
    let isMissing = false;
    try {
      const isThere = await api.readLog(node, id, lines, async (text) => {
        const line = readJobLine(text);
        if (!line || line.number < next) return;
        isMissing ||= line.number > next;
        if (isMissing) return;
        await take(line, files.open);
        next = line.number + 1;
      });
      if (!isThere) return 'gone';
      return isMissing ? 'missing' : 'read';
    } finally {
      await files.close();
    }
  }

  async function take(line: JobLine, opened: (path: string) => Promise<FileHandle>): Promise<void> {
    switch (line.kind) {
      case 'at':
        known = { ...known, stage: line.stage, elapsed: { seconds: line.seconds, heard: performance.now() } };
        return;
      case 'log':
        if (line.from > maxBytes) return;
        await (await opened(logPath(job, line.stage))).write(line.bytes, 0, line.bytes.length, line.from);
        return;
      case 'file': {
        if (received === 0) await rm(home, { force: true });
        if (received > 2 * maxBytes) return;
        await (await opened(home)).write(line.bytes, 0, line.bytes.length, received);
        digest.update(line.bytes);
        received += line.bytes.length;
        return;
      }
      case 'whole':
        if (digest.digest('hex') === line.sha256) known = { ...known, home };
        digest = createHash('sha256');
        received = 0;
        return;
      case 'left':
        known = { ...known, left: line.bytes };
        return;
      case 'failed':
        known = { ...known, failed: line.why };
    }
  }

  return {
    read: async (node, hasEnded) => {
      let found = await readLast(node, hasEnded ? 'all' : lookLines);
      if (found === 'missing') found = await readLast(node, 'all');
      return found !== 'gone';
    },
    now: () => known,
  };
}

/** Files that are opened once while lines are read, to be written at any place. */
function openedFiles() {
  const files = new Map<string, FileHandle>();
  return {
    open: async (path: string) => {
      const opened = files.get(path) ?? (await open(path, 'r+').catch(() => open(path, 'w+')));
      files.set(path, opened);
      return opened;
    },
    close: async () => {
      for (const file of files.values()) await file.close();
    },
  };
}
