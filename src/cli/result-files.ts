/**
 * The files of a study that people read beside the journal: `results.tsv` and `report.md`. Both are rebuilt from the
 * journal; nothing reads them back.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatExperiment } from '../core/format.ts';
import type { WholeHistory } from '../core/journal/held-out.ts';
import { experimentOf } from '../core/journal/history.ts';
import type { LoopEvent } from '../core/journal/loop-event.ts';
import { reportMarkdown } from '../core/views/report.ts';
import { resultsLine, resultsTsv } from '../core/views/results-tsv.ts';

export interface ResultFiles {
  /** Follows the loop's events; a verdict adds its row. */
  readonly note: (event: LoopEvent) => void;
  /** From here on the history is known. */
  readonly open: (history: () => WholeHistory) => void;
  /** Writes the report of what is known by now. */
  readonly close: () => Promise<void>;
}

/** The result files in a study's folder. A full disk does not end a study over a file that can be rebuilt. */
export function createResultFiles(studyFolder: string): ResultFiles {
  let history: (() => WholeHistory) | undefined;
  const tsv = join(studyFolder, 'results.tsv');
  return {
    note: (event) => {
      if (!history) return;
      const current = history();
      if (event.event === 'study-started' || event.event === 'study-resumed') {
        attempt(() => writeFileSync(tsv, resultsTsv(current)));
      }
      if (event.event === 'verdict-given' && event.verdict.decision !== 'rerun') {
        attempt(() => appendFileSync(tsv, resultsLine(current, experimentOf(current, event.experiment))));
      }
    },
    open: (open) => {
      history = open;
    },
    close: async () => {
      const current = history?.();
      if (!current) return;
      await writeReport(studyFolder, current, new Date().toISOString(), false).catch(() => {});
    },
  };
}

/** Writes `report.md`, whole or not at all; returns its path. */
export async function writeReport(
  studyFolder: string,
  history: WholeHistory,
  now: string,
  isLive: boolean,
): Promise<{ path: string; text: string }> {
  const patches = new Map<number, string>();
  for (const { experiment } of history.experiments.filter((record) => record.experiment > 0 && record.kept)) {
    const patch = join(studyFolder, formatExperiment(experiment), 'patch.diff');
    patches.set(experiment, await readFile(patch, 'utf8').catch(() => ''));
  }
  const text = reportMarkdown(history, now, isLive, (experiment) => patches.get(experiment) || undefined);
  const path = join(studyFolder, 'report.md');
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
  return { path, text };
}

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // The next start writes the file anew.
  }
}
