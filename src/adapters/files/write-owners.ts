/**
 * Writes a file into the owner's folder, whole, or says in one sentence why it cannot be written.
 */
import { SettingsError } from '../../core/base/errors.ts';
import { type WriteOptions, writeWhole } from './write-whole.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  EISDIR: 'a folder is in its place',
  ENOTDIR: 'a file is in the place of its folder',
  EACCES: 'its folder may not be written to',
  EPERM: 'its folder may not be written to',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the quota of its disk is used up',
};

/** Puts the content at the path, or leaves what was there and throws a SettingsError. */
export async function writeOwners(
  path: string,
  content: string | Uint8Array,
  options: Pick<WriteOptions, 'isDurable'> = {},
): Promise<void> {
  await writeWhole(path, content, options).catch((cause: NodeJS.ErrnoException) => {
    throw new SettingsError(`${path} cannot be written: ${reasons[cause.code ?? ''] ?? cause.message}.`, {
      hint: 'Make room or give yourself the right to write there, then run this again.',
      cause,
    });
  });
}
