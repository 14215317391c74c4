/**
 * What a report shows in addition to the journal, from the study's folder: diffs and loss curves. Each file is read
 * once, and only what is shown of it is kept in memory.
 */
import { join } from 'node:path';
import { readText } from '../../adapters/files/read-file.ts';
import { jobKeyOf } from '../../adapters/run-folders/run-job.ts';
import { formatExperiment } from '../../core/base/format.ts';
import type { ExperimentRecord, History } from '../../core/journal/history.ts';
import type { Attachments, Curve } from '../../core/views/report/attachments.ts';
import { experimentsWithCurves } from '../../core/views/report/curves.ts';
import { readCurve } from '../../core/views/report/log-curve.ts';
import type { JobKey, JobReader } from '../../ports/engine.ts';

const maxPatchCharacters = 1 << 17;
const maxLogBytes = 1 << 20;

/** Reads the files that are new since the last call; returns the attachments of all experiments so far. */
export function createAttachmentCache(
  studyFolder: string,
  jobs: JobReader,
): (history: History) => Promise<Attachments> {
  const patches = new Map<number, string>();
  const curves = new Map<string, Curve | undefined>();
  return async (history) => {
    for (const { experiment, kept } of history.experiments) {
      if (experiment === 0 || kept === undefined || patches.has(experiment)) continue;
      const path = join(studyFolder, formatExperiment(experiment), 'patch.diff');
      const patch = (await readText(path)) ?? '';
      patches.set(experiment, patch.slice(0, maxPatchCharacters));
    }
    const keys = new Map<number, string>();
    for (const experiment of experimentsWithCurves(history)) {
      const job = jobOf(studyFolder, history.experiments[experiment]);
      if (job === undefined) continue;
      keys.set(experiment, job.id);
      if (!curves.has(job.id)) curves.set(job.id, readCurve(await jobs.readLogEnd(job, 'train', maxLogBytes)));
    }
    return {
      patchOf: (experiment) => patches.get(experiment) || undefined,
      curveOf: (experiment) => curves.get(keys.get(experiment) ?? ''),
    };
  };
}

/** The job of an experiment's first measured run. */
function jobOf(studyFolder: string, record: ExperimentRecord | undefined): JobKey | undefined {
  const run = record?.runs.find(({ result, isVoid }) => result?.measurement !== undefined && !isVoid);
  return record && run && jobKeyOf(studyFolder, { experiment: record.experiment, run: run.run });
}
