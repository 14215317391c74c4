/**
 * What hides the secrets of a project: those of the environment, and those that its editable files and `.env` files
 * hold beside a name such as `API_KEY`, also where they stand without it, such as in a log.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecrets, type Secrets } from '../core/base/secrets.ts';
import { readBytes } from './files/read-file.ts';

export interface SecretPlaces {
  /** Absolute folders: the repository, and the sandbox in it. */
  readonly root: string;
  readonly sandbox: string;
  readonly edit: readonly string[];
}

const maxBytes = 1 << 20;

/** Knows these values and those of the files; a file that is not there, or no text, says nothing. */
export async function openSecrets(places: SecretPlaces, values: readonly string[]): Promise<Secrets> {
  const secrets = createSecrets(values);
  const { root, sandbox, edit } = places;
  const folders = [...new Set([root, sandbox])];
  const found = await Promise.all(
    folders.map(async (folder) => (await envFiles(folder)).map((name) => join(folder, name))),
  );
  for (const path of [...edit.map((name) => join(sandbox, name)), ...found.flat()]) secrets.learn(await textOf(path));
  return secrets;
}

/**
 * Puts marks in the place of secrets in all text files below a folder of our own, such as a coding agent's copy of the
 * sandbox. No link is followed.
 */
export async function maskTree(folder: string, { learn, mask }: Secrets): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // First all files: a value may stand in one without the name that shows in another what it is.
  for (const path of paths) learn(await textOf(path));
  for (const path of paths) {
    const text = await textOf(path);
    const masked = mask(text);
    if (masked !== text) await writeFile(path, masked);
  }
}

/** Empty for what is no UTF-8 text of at most 1 MiB. */
async function textOf(path: string): Promise<string> {
  const read = await readBytes(path, maxBytes);
  if (read.kind !== 'read' || read.bytes.includes(0)) return '';
  const text = read.bytes.toString('utf8');
  return Buffer.from(text).equals(read.bytes) ? text : '';
}

async function envFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((name) => /^\.env(\.|$)|\.env$|^\.netrc$/.test(name));
}
