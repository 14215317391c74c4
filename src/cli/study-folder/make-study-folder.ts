/**
 * Makes the folder of a study, ignored by git.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';

/** A project without a `runs/.gitignore` gets one that hides the folder, itself included, from git. */
export async function makeStudyFolder(runs: string, studyFolder: string): Promise<void> {
  try {
    await mkdir(studyFolder, { recursive: true });
    await writeFile(join(runs, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(studyFolder).catch(() => undefined))?.isDirectory()) return;
    const found = code === 'EEXIST' || code === 'ENOTDIR' ? 'found a file in its place' : `found: ${message}`;
    throw new SettingsError(`${studyFolder} must be a folder that can be written, ${found}.`, {
      hint: 'Move it out of the way, or choose another --tag.',
      cause,
    });
  }
}
