/**
 * Makes a folder that the owner named, or says in one sentence why it cannot be made.
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';
import { exists } from './exists.ts';

/** Makes the folder and those above it; one that is there stays as it is. Throws a SettingsError. */
export async function makeFolder(folder: string): Promise<void> {
  await makeWithParents(folder).catch((cause: NodeJS.ErrnoException) => {
    const isInPlace = cause.code === 'EEXIST' || cause.code === 'ENOTDIR';
    const found = isInPlace ? 'found a file in its place' : `found: ${cause.message}`;
    throw new SettingsError(`${folder} must be a folder that can be written, ${found}.`, {
      hint: 'Name another folder, or mend that one.',
      cause,
    });
  });
}

/** Node's own never returns where a folder that is there takes no folder and says ENOENT, as `/proc` and automounted places do. */
async function makeWithParents(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (await isFolder(folder)) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder || (await exists(parent))) throw error;
    await makeWithParents(parent);
    await makeWithParents(folder);
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
