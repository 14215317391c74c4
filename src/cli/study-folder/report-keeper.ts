/**
 * Keeps a running study's report up to date, from its first second on: one writing at a time, and at most a twentieth of the
 * time is spent on it. A write that fails, such as on a full disk, is ignored, since the files can be rebuilt.
 */
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { reportOf } from '../../core/views/report/report.ts';
import type { JobReader } from '../../ports/engine.ts';
import { createAttachmentCache } from './report-attachments.ts';
import { writeReportFiles } from './report-files.ts';

export interface ReportKeeper {
  /** Asks for the report to be written again soon. */
  readonly refresh: () => void;
  /** Writes the report for the last time. */
  readonly close: () => Promise<void>;
}

/** Pause before the first writing, and between two, if the last one was short. */
const firstPauseMilliseconds = 1000;
const minPauseMilliseconds = 10_000;
/** Pause between two pictures, but for the last one: to draw one takes more processor time than an experiment. */
const minPictureMilliseconds = 60_000;
/** Pause after a writing, in multiples of the time that it took. */
const pausePerWriting = 20;

/** The keeper of the report in this folder, with curves from the logs of these jobs. */
export function createReportKeeper(studyFolder: string, whole: () => WholeHistory, jobs: JobReader): ReportKeeper {
  const readAttachments = createAttachmentCache(studyFolder, jobs);
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let nextAt = performance.now() + firstPauseMilliseconds;
  let drawAt = 0;

  const write = async (isLive: boolean) => {
    const begun = performance.now();
    const isDrawn = !isLive || begun >= drawAt;
    const attachments = await readAttachments(whole().history);
    await writeReportFiles(studyFolder, reportOf(whole(), { attachments, isLive }), { isDrawn });
    const now = performance.now();
    if (isDrawn) drawAt = now + minPictureMilliseconds;
    nextAt = now + Math.max(minPauseMilliseconds, (now - begun) * pausePerWriting);
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
