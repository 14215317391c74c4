/**
 * Keeps a running study's report up to date: one writing at a time, of whatever is known by then, and never more than a
 * twentieth of the time spent on it. A full disk does not end a study over files that can be rebuilt.
 */
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { reportOf } from '../../core/views/report/report.ts';
import type { JobReader } from '../../ports/engine.ts';
import { createAttachmentCache } from './report-attachments.ts';
import { writeReportFiles } from './report-files.ts';

export interface ReportKeeper {
  /** Something worth showing has happened. */
  readonly refresh: () => void;
  /** Writes what is known by now, for the last time. */
  readonly close: () => Promise<void>;
}

const leastPauseMilliseconds = 1000;
const pausePerWriting = 20;

/** The keeper of the report in this folder, with curves from the logs of these jobs. */
export function createReportKeeper(studyFolder: string, whole: () => WholeHistory, jobs: JobReader): ReportKeeper {
  const readAttachments = createAttachmentCache(studyFolder, jobs);
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let nextAt = 0;

  const write = async (isLive: boolean) => {
    const begun = performance.now();
    const attachments = await readAttachments(whole().history);
    await writeReportFiles(studyFolder, reportOf(whole(), { attachments, isLive }));
    const now = performance.now();
    nextAt = now + Math.max(leastPauseMilliseconds, (now - begun) * pausePerWriting);
  };
  const enqueue = (isLive: boolean) => {
    writing = writing.then(() => write(isLive)).catch(() => {});
    return writing;
  };
  const tick = async () => {
    await enqueue(true);
    timer = undefined;
  };
  return {
    refresh: () => {
      timer ??= setTimeout(() => void tick(), Math.max(0, nextAt - performance.now())).unref();
    },
    close: () => {
      clearTimeout(timer);
      return enqueue(false);
    },
  };
}
