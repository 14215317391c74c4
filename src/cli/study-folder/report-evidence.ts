/**
 * What a report shows beside the journal, out of the study's folder: diffs and training logs. Each file is
 * read once, and no more of it is kept than is shown.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnd } from '../../adapters/run-folders/read-end.ts';
import { formatExperiment } from '../../core/base/format.ts';
import type { ExperimentRecord, History } from '../../core/journal/history.ts';
import { experimentsWithCurves } from '../../core/views/report/curves.ts';
import type { Curve, Evidence } from '../../core/views/report/evidence.ts';
import { readCurve } from '../../core/views/report/log-curve.ts';

const mostPatchCharacters = 1 << 17;
const mostLogBytes = 1 << 20;

/** Reads what is new since the last call, and hands out all of it. */
export function createEvidenceCache(studyFolder: string): (history: History) => Promise<Evidence> {
  const patches = new Map<number, string>();
  const curves = new Map<string, Curve | undefined>();
  return async (history) => {
    for (const { experiment, kept } of history.experiments) {
      if (experiment === 0 || kept === undefined || patches.has(experiment)) continue;
      const path = join(studyFolder, formatExperiment(experiment), 'patch.diff');
      const patch = await readFile(path, 'utf8').catch(() => '');
      patches.set(experiment, patch.slice(0, mostPatchCharacters));
    }
    const keys = new Map<number, string>();
    for (const experiment of experimentsWithCurves(history)) {
      const key = logOf(history.experiments[experiment]);
      if (key === undefined) continue;
      keys.set(experiment, key);
      if (!curves.has(key)) curves.set(key, readCurve((await readEnd(join(studyFolder, key), mostLogBytes)) ?? ''));
    }
    return {
      patchOf: (experiment) => patches.get(experiment) || undefined,
      curveOf: (experiment) => curves.get(keys.get(experiment) ?? ''),
    };
  };
}

/** The log of an experiment's first measured run, relative to the study's folder. */
function logOf(record: ExperimentRecord | undefined): string | undefined {
  const run = record?.runs.find(({ result, isVoid }) => result?.measurement !== undefined && !isVoid);
  return record && run && join(formatExperiment(record.experiment), `run-${run.run}`, 'train.log');
}
