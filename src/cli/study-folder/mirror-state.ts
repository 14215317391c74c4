/**
 * The state of a study's mirror, as `mirror.json` in the study's folder has it, and as a sentence.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { type JsonFile, readJson } from '../../adapters/files/read-json.ts';
import { mirrorStateFile } from '../../adapters/files/study-files.ts';
import { writeWhole } from '../../adapters/files/write-whole.ts';

const stateSchema = z.object({
  /** The place, as people know it. */
  mirror: z.string(),
  /** The number of the last experiment whose outcome is there. */
  experiments: z.number().int().nonnegative(),
  /** Whether a save has succeeded at all in this session. */
  isKnown: z.boolean(),
  /** When. */
  at: z.string().optional(),
  /** Why the last save failed. */
  failure: z.string().optional(),
  /** What the last save had to leave out. */
  remark: z.string().optional(),
});
export type MirrorState = Readonly<z.infer<typeof stateSchema>>;

/** What the last save left in the study's folder; absent for a study without a mirror. */
export async function readMirrorState(studyFolder: string): Promise<JsonFile<MirrorState>> {
  return readJson(pathOf(studyFolder), stateSchema);
}

/** Leaves it for `status`. */
export async function writeMirrorState(studyFolder: string, state: MirrorState): Promise<void> {
  await writeWhole(pathOf(studyFolder), `${JSON.stringify(state)}\n`);
}

function pathOf(studyFolder: string): string {
  return join(studyFolder, mirrorStateFile);
}

/**
 * Such as `3 experiments are not in the mirror: the folder is not there`; `here` is the last experiment with a verdict.
 */
export function mirrorText({ mirror, experiments, isKnown, failure, remark }: MirrorState, here: number): string {
  const missing = Math.max(0, here - experiments);
  if (failure === undefined) {
    const what = `mirrored to ${mirror} up to experiment ${experiments}`;
    return remark === undefined ? what : `${what}, but for this: ${remark}`;
  }
  if (!isKnown) return `nothing of this session is in the mirror: ${failure}`;
  const what =
    missing === 0 ? 'the last entries are' : missing === 1 ? '1 experiment is' : `${missing} experiments are`;
  return `${what} not in the mirror: ${failure}`;
}
