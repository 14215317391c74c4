/**
 * `earlier.json` beside a brief: the experiments that its next study goes on from.
 */
import { join } from 'node:path';
import { SettingsError } from '../core/base/errors.ts';
import { type Earlier, earlierSchema } from '../core/journal/earlier.ts';
import { readJson } from './files/read-json.ts';
import { writeOwners } from './files/write-owners.ts';

const fileName = 'earlier.json';

/** What the file beside this folder's brief holds; undefined where there is none. Throws a SettingsError for another shape. */
export async function readEarlier(folder: string): Promise<Earlier | undefined> {
  const path = join(folder, fileName);
  const file = await readJson(path, earlierSchema);
  if (file.kind === 'absent') return undefined;
  if (file.kind === 'read') return file.value;
  throw new SettingsError(`${path} must be what \`nocturne init --from\` writes, found ${file.found}.`, {
    hint: 'Write it anew with `nocturne init --from LEDGER`, or remove it.',
  });
}

/** Writes the file, whole; gives its path. */
export async function writeEarlier(folder: string, earlier: Earlier): Promise<string> {
  const path = join(folder, fileName);
  await writeOwners(path, `${JSON.stringify(earlier, null, 1)}\n`);
  return path;
}
