/**
 * All studies of a brief side by side, as `nocturne studies --json` prints them.
 */
import { SettingsError } from '../../core/base/errors.ts';
import { type StudyRow, studyRow } from '../../core/views/study-row.ts';
import { readPresence } from './presence.ts';
import { findStudies, runsFolder } from './studies.ts';

export interface StudyRows {
  /** The one worked on last first. */
  readonly rows: readonly StudyRow[];
  /** Tags of the studies whose journal does not say what they are. */
  readonly unreadable: readonly string[];
}

/** The studies of a brief (a file or its folder; default: the current folder). Throws a SettingsError where there is none. */
export async function readStudyRows(briefArgument: string | undefined): Promise<StudyRows> {
  const { studies, unreadable } = findStudies(briefArgument);
  if (studies.length + unreadable.length === 0) {
    throw new SettingsError(`There is no study in ${runsFolder(briefArgument)}.`, {
      hint: 'Start one with `nocturne run`, or see one at work with `nocturne demo`.',
    });
  }
  const now = new Date().toISOString();
  // A copied or renamed folder is named as it is.
  const rows = await Promise.all(
    studies.map(async (study) => {
      const { isLive, roomAwaited } = await readPresence(study.folder);
      return { ...studyRow(study, now, isLive, roomAwaited), tag: study.tag };
    }),
  );
  return { rows, unreadable };
}
