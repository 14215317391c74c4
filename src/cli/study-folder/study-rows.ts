/**
 * All studies of a brief side by side, as `nocturne studies --json` prints them.
 */
import { SettingsError } from '../../core/base/errors.ts';
import type { Damage } from '../../core/journal/damage.ts';
import { type StudyRow, studyRow } from '../../core/views/study-row.ts';
import { readPresence } from './presence.ts';
import { briefWithStudies, findStudies, runsFolder } from './studies.ts';

export interface StudyRows {
  /** The one worked on last first. */
  readonly rows: readonly StudyRow[];
  /** Tags of the studies whose journal does not say what they are. */
  readonly unreadable: readonly string[];
  /** The studies whose journal is damaged: their rows are of what is sound. */
  readonly damaged: readonly DamagedStudy[];
}

/** A study that is shown as far as it is sound. */
export interface DamagedStudy {
  readonly tag: string;
  readonly folder: string;
  readonly damage: Damage;
}

/** The studies of a brief (a file or its folder; default: the current folder, or the only project below it). Throws a SettingsError where there is none. */
export async function readStudyRows(briefArgument: string | undefined): Promise<StudyRows> {
  const { studies, unreadable } = findStudies(briefWithStudies(briefArgument));
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
  const damaged = studies.flatMap(({ tag, folder, damage }) => (damage ? { tag, folder, damage } : []));
  return { rows, unreadable, damaged };
}
