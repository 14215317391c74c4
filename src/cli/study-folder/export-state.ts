/**
 * What of a study was sent to a tracker, remembered in `runs/<tag>/export-<tracker>.jsonl`: a line for each experiment that is
 * there, with its place and a hash of what the journal said of it. A line that was lost, or the whole file, costs another sending, which
 * makes no second copy.
 */
import { createHash } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../adapters/files/read-file.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { parseJson } from '../../core/base/parse-json.ts';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';

const lineSchema = z.object({ place: z.string(), key: z.string(), hash: z.string() });

export interface ExportState {
  /** Whether the experiment was sent to the place as it is now. */
  readonly isSent: (experiment: TrackedExperiment) => boolean;
  /** Remembers that it was. */
  readonly remember: (experiment: TrackedExperiment) => Promise<void>;
}

/** The state for a tracker and a place; a line that is none, such as the last one after a kill, is passed over. */
export async function openExportState(studyFolder: string, tracker: string, place: string): Promise<ExportState> {
  const path = join(studyFolder, `export-${tracker}.jsonl`);
  const text = (await readText(path)) ?? '';
  const sent = new Map(
    linesOf(text)
      .filter((line) => line.place === place)
      .map(({ key, hash }) => [key, hash]),
  );
  // A kill may have left half a line, which the next one must not be joined to.
  let start = text === '' || text.endsWith('\n') ? '' : '\n';
  return {
    isSent: (experiment) => sent.get(experiment.key) === hashOf(experiment),
    remember: async (experiment) => {
      const line = { place, key: experiment.key, hash: hashOf(experiment) };
      await appendFile(path, `${start}${JSON.stringify(line)}\n`).catch((cause: Error) => {
        throw new SettingsError(`${path} must be a file that can be written, found: ${cause.message}.`, {
          hint: 'Move it out of the way, and export again.',
          cause,
        });
      });
      start = '';
    },
  };
}

function linesOf(text: string): z.infer<typeof lineSchema>[] {
  return text.split('\n').flatMap((line) => lineSchema.safeParse(parseJson(line)).data ?? []);
}

/** Without what lies in the study's folder: a log that was cleaned away makes no other experiment of it. */
function hashOf({ curve: _, patch: __, ...experiment }: TrackedExperiment): string {
  return createHash('sha256').update(JSON.stringify(experiment)).digest('hex').slice(0, 16);
}
