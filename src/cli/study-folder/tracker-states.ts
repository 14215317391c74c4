/**
 * How the last sendings to a study's trackers went, as `trackers.json` in the study's folder has it, and how far each tracker is.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { type JsonFile, readJson } from '../../adapters/files/read-json.ts';
import { trackerStatesFile } from '../../adapters/files/study-files.ts';
import { writeWhole } from '../../adapters/files/write-whole.ts';
import { trackerNames } from '../../core/base/names.ts';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';
import { type TrackerStatus, trackerStatus } from '../../core/views/tracker-status.ts';
import { openExportState } from './export-state.ts';

const stateSchema = z.object({
  /** Where it is sent to. */
  place: z.string(),
  /** When a sending succeeded last, an ISO time. */
  sentAt: z.string().optional(),
  /** Absent where the last one did. */
  failure: z.object({ at: z.string(), reason: z.string() }).optional(),
});
export type TrackerState = Readonly<z.infer<typeof stateSchema>>;

const statesSchema = z.partialRecord(z.enum(trackerNames), stateSchema);
export type TrackerStates = Readonly<z.infer<typeof statesSchema>>;

/** What the last session left, by tracker; absent for a study without trackers. */
export async function readTrackerStates(studyFolder: string): Promise<JsonFile<TrackerStates>> {
  return readJson(pathOf(studyFolder), statesSchema);
}

/** Leaves it for `status`. */
export async function writeTrackerStates(studyFolder: string, states: TrackerStates): Promise<void> {
  await writeWhole(pathOf(studyFolder), `${JSON.stringify(states)}\n`);
}

/** How far each tracker is, of a study with these experiments; empty where its states cannot be read. */
export async function trackerStatuses(
  studyFolder: string,
  experiments: readonly TrackedExperiment[],
): Promise<readonly TrackerStatus[]> {
  const file = await readTrackerStates(studyFolder);
  if (file.kind !== 'read') return [];
  const all = new Map(experiments.map((one) => [one.experiment, one]));
  const names = trackerNames.filter((name) => file.value[name] !== undefined);
  const statuses = names.map(async (tracker) => {
    const { place = '', sentAt, failure } = file.value[tracker] ?? {};
    const { isSent } = await openExportState(studyFolder, tracker, place);
    const isThere = (experiment: number) => {
      const one = all.get(experiment);
      return one !== undefined && isSent(one);
    };
    return trackerStatus(tracker, [...all.keys()], isThere, { sentAt: sentAt ?? null, failure: failure ?? null });
  });
  return Promise.all(statuses);
}

function pathOf(studyFolder: string): string {
  return join(studyFolder, trackerStatesFile);
}
