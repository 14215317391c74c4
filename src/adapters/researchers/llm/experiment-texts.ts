/**
 * The diff and the log behind an experiment, from the repository and the engine.
 */
import { experimentOf, type History } from '../../../core/journal/history.ts';
import type { ExperimentTexts } from '../../../core/llm/experiment-detail.ts';
import type { JobReader } from '../../../ports/engine.ts';
import type { Workspace } from '../../../ports/workspace.ts';
import { jobKeyOf } from '../../run-folders/run-job.ts';

const maxLogBytes = 1 << 18;

/** A reader that remembers what it has read: settled experiments do not change but for further runs. */
export function createTextReader(
  workspace: Workspace,
  studyFolder: string,
  jobs: JobReader,
): (history: History, experiment: number) => Promise<ExperimentTexts> {
  const known = new Map<string, ExperimentTexts>();
  return async (history, experiment) => {
    const record = experimentOf(history, experiment);
    const { candidate, parent } = record;
    const run = record.runs.findLast((one) => one.result !== undefined);
    const key = `${experiment}/${run?.run ?? 0}`;
    const found = known.get(key);
    if (found) return found;
    const base = parent === undefined ? undefined : (experimentOf(history, parent).kept ?? history.start);
    const diff = candidate && base ? await workspace.diff(base, candidate.commit) : '';
    const job = run && candidate && jobKeyOf(studyFolder, { experiment, run: run.run });
    const log = job ? await jobs.readLogEnd(job, 'train', maxLogBytes) : '';
    const texts = { diff, log };
    known.set(key, texts);
    return texts;
  };
}
