/**
 * The files of a study that people read beside the journal: `results.tsv` and the morning report. Both are rebuilt from
 * the journal; the loop reads neither back.
 */
import { closeSync, constants, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { statusOf } from '../../core/journal/experiment-row.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { type ExperimentRecord, experimentOf, type History } from '../../core/journal/history.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import { resultsLine, resultsTsv } from '../../core/views/results-tsv.ts';
import type { JobReader } from '../../ports/engine.ts';
import { createReportKeeper, type ReportKeeper } from './report-keeper.ts';

export interface ResultFiles {
  /** Takes an event of the loop; a verdict adds a row to results.tsv. */
  readonly note: (event: LoopEvent) => void;
  /** Gives it the history, without which nothing is written, and the reader of its runs' logs. */
  readonly open: (whole: () => WholeHistory, jobs: JobReader) => void;
  /** Writes the report for the last time. */
  readonly close: () => Promise<void>;
}

/**
 * The result files in a study's folder. A write that fails, such as on a full disk, is ignored: they can be rebuilt.
 */
export function createResultFiles(studyFolder: string): ResultFiles {
  let whole: (() => WholeHistory) | undefined;
  let report: ReportKeeper | undefined;
  const tsv = join(studyFolder, 'results.tsv');
  return {
    note: (event) => {
      if (!whole) return;
      const { history } = whole();
      if (event.event === 'study-started' || event.event === 'study-resumed') {
        writeResults(studyFolder, history);
      }
      // What was kept is not any more.
      if (event.event === 'keep-withdrawn') writeResults(studyFolder, history);
      // A run after the verdict changes a mean that the table already has.
      if (event.event === 'run-ended' && isSettled(experimentOf(history, event.experiment))) {
        writeResults(studyFolder, history);
      }
      if (event.event === 'verdict-given' && event.verdict.decision !== 'rerun') {
        attempt(() => append(tsv, resultsLine(history, experimentOf(history, event.experiment))));
        report?.refresh();
      }
    },
    open: (open, jobs) => {
      whole = open;
      report = createReportKeeper(studyFolder, open, jobs);
    },
    close: async () => report?.close(),
  };
}

/** Writes results.tsv anew. */
export function writeResults(studyFolder: string, history: History): void {
  attempt(() => replace(join(studyFolder, 'results.tsv'), resultsTsv(history)));
}

function isSettled(record: ExperimentRecord): boolean {
  return record.verdict !== undefined && statusOf(record) !== 'running';
}

function replace(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { flag: 'wx' });
}

/** Training code may have put a pipe in the file's place; without the last flag, opening that waits for a reader. */
function append(path: string, line: string): void {
  const { O_WRONLY, O_CREAT, O_APPEND, O_NONBLOCK } = constants;
  const file = openSync(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK);
  try {
    writeFileSync(file, line);
  } finally {
    closeSync(file);
  }
}

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // The next start writes the file anew.
  }
}
