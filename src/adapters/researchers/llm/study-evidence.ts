/**
 * The diff and the log behind an experiment, from the repository and the run folders.
 */
import { join } from 'node:path';
import { experimentOf, type History } from '../../../core/journal/history.ts';
import type { Evidence } from '../../../core/llm/experiment-detail.ts';
import type { Workspace } from '../../../ports/workspace.ts';
import { readEnd } from '../../run-folders/read-end.ts';
import { runFolderOf } from '../../run-folders/run-job.ts';

const mostLogBytes = 1 << 18;

/** A reader that remembers what it has read: settled experiments do not change but for further runs. */
export function createEvidenceReader(
  workspace: Workspace,
  studyFolder: string,
): (history: History, experiment: number) => Promise<Evidence> {
  const known = new Map<string, Evidence>();
  return async (history, experiment) => {
    const record = experimentOf(history, experiment);
    const { candidate, parent } = record;
    const run = record.runs.findLast((one) => one.result !== undefined);
    const key = `${experiment}/${run?.run ?? 0}`;
    const found = known.get(key);
    if (found) return found;
    const base = parent === undefined ? undefined : (experimentOf(history, parent).kept ?? history.start);
    const diff = candidate && base ? await workspace.diff(base, candidate.commit) : '';
    const folder =
      run &&
      candidate &&
      runFolderOf(studyFolder, { experiment, commit: candidate.commit, run: run.run, seed: run.seed });
    const log = folder ? ((await readEnd(join(folder, 'train.log'), mostLogBytes)) ?? '') : '';
    const evidence = { diff, log };
    known.set(key, evidence);
    return evidence;
  };
}
