/**
 * What of a study was sent to a tracker, remembered in `runs/<tag>/export-<tracker>.json`: by place, for each experiment a
 * hash of what was sent of it. Without the file everything is sent again, which makes no second copy.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { contentOf, readJson } from '../../adapters/files/read-json.ts';
import { writeWhole } from '../../adapters/files/write-whole.ts';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';

const stateSchema = z.record(z.string(), z.record(z.string(), z.string()));

export interface ExportState {
  /** Whether the experiment was sent to the place as it is now. */
  readonly isSent: (experiment: TrackedExperiment) => boolean;
  /** Remembers that it was. */
  readonly remember: (experiment: TrackedExperiment) => Promise<void>;
}

/** The state for a tracker and a place; a file that is spoiled counts as none. */
export async function openExportState(studyFolder: string, tracker: string, place: string): Promise<ExportState> {
  const path = join(studyFolder, `export-${tracker}.json`);
  const all = contentOf(await readJson(path, stateSchema)) ?? {};
  const sent: Record<string, string> = { ...all[place] };
  return {
    isSent: (experiment) => sent[experiment.key] === hashOf(experiment),
    remember: async (experiment) => {
      sent[experiment.key] = hashOf(experiment);
      await writeWhole(path, `${JSON.stringify({ ...all, [place]: sent })}\n`);
    },
  };
}

function hashOf(experiment: TrackedExperiment): string {
  return createHash('sha256').update(JSON.stringify(experiment)).digest('hex').slice(0, 16);
}
