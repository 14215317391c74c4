/**
 * The files of a study that people read beside the journal: `results.tsv` and the morning report. Both are rebuilt from the
 * journal; the loop reads neither back.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { experimentOf } from '../../core/journal/history.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import { resultsLine, resultsTsv } from '../../core/views/results-tsv.ts';
import type { JobReader } from '../../ports/engine.ts';
import { createReportKeeper, type ReportKeeper } from './report-keeper.ts';

export interface ResultFiles {
  /** Follows the loop's events; a verdict adds its row. */
  readonly note: (event: LoopEvent) => void;
  /** From here on the history is known, and who has the logs of its runs. */
  readonly open: (whole: () => WholeHistory, jobs: JobReader) => void;
  /** Writes the report of what is known by now. */
  readonly close: () => Promise<void>;
}

/** The result files in a study's folder. A full disk does not end a study over a file that can be rebuilt. */
export function createResultFiles(studyFolder: string): ResultFiles {
  let whole: (() => WholeHistory) | undefined;
  let report: ReportKeeper | undefined;
  const tsv = join(studyFolder, 'results.tsv');
  return {
    note: (event) => {
      if (!whole) return;
      const { history } = whole();
      if (event.event === 'study-started' || event.event === 'study-resumed') {
        attempt(() => writeFileSync(tsv, resultsTsv(history)));
      }
      if (event.event === 'verdict-given' && event.verdict.decision !== 'rerun') {
        attempt(() => appendFileSync(tsv, resultsLine(history, experimentOf(history, event.experiment))));
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

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // The next start writes the file anew.
  }
}
