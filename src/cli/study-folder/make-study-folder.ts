/**
 * Makes the folder of a study, ignored by git. The rest of `runs/` stays the owner's: TensorBoard and others use it too.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { SettingsError } from '../../core/base/errors.ts';

/** Hides the folder that it lies in, itself included, from git. */
const hideAll = '*\n';

/**
 * Makes the folder with a `.gitignore` that hides it. Throws a SettingsError for a file in its place and for a folder
 * that is no study's.
 */
export async function makeStudyFolder(studyFolder: string): Promise<void> {
  await makeFolder(studyFolder);
  if (await isForeign(studyFolder)) {
    throw new SettingsError(`${studyFolder} must be a study's folder, found files of something else in it.`, {
      hint: 'Choose another --tag, or move them out of the way.',
    });
  }
  await writeOnce(join(studyFolder, '.gitignore'), hideAll);
}

/**
 * Hides a folder from the git repository that it lies in by its name, for a folder whose own `.gitignore` says something
 * else. A `.gitignore` beside it that is there already stays as it is.
 */
export async function hideFromGit(folder: string): Promise<void> {
  await makeFolder(folder);
  await writeOnce(join(dirname(folder), '.gitignore'), `/.gitignore\n/${basename(folder)}/\n`);
}

/** What a controller leaves that ended before its first entry, or whose folder was moved away while it ran. */
const remains = /^(?:\d{4,}|inbox|run\.log|lock|lock\..*)$/;

/** Whether a folder is there with files that no study left, such as those of TensorBoard. */
export async function isForeign(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.includes('journal.jsonl') || names.every((name) => remains.test(name))) return false;
  const own = await readFile(join(folder, '.gitignore'), 'utf8').catch(() => '');
  // The report of an imported ledger, from a version that did not write the `.gitignore`.
  return own !== hideAll && !names.includes('report.html');
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw notAFolder(folder, cause as NodeJS.ErrnoException);
  }
}

async function writeOnce(path: string, text: string): Promise<void> {
  if (await exists(path)) return;
  await writeFile(path, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw notAFolder(dirname(path), cause);
  });
}

function notAFolder(folder: string, cause: NodeJS.ErrnoException): SettingsError {
  const { code, message } = cause;
  const found = code === 'EEXIST' || code === 'ENOTDIR' ? 'found a file in its place' : `found: ${message}`;
  return new SettingsError(`${folder} must be a folder that can be written, ${found}.`, {
    hint: 'Move it out of the way, or choose another --tag.',
    cause,
  });
}
