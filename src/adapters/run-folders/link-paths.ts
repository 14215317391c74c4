/**
 * The paths under `link:`: whether they can be shown to runs, and how `prepare` sees them.
 */
import { mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { BriefError } from '../../core/base/errors.ts';
import { isOutside } from '../../core/journal/settings/brief-path.ts';
import { exists } from '../files/exists.ts';
import { pathInside } from '../files/path-inside.ts';
import { lstatOf } from './fingerprint.ts';

/** Where a path under `link:` is, absolute. */
export function placeOfLink(path: string, userSandbox: string): string {
  if (path.startsWith('~/')) return join(process.env.HOME ?? homedir(), path.slice(2));
  return isOutside(path) ? path : join(userSandbox, path);
}

/** Throws when a path that the brief links is not there, leads nowhere, or holds the study's own folder. */
export async function requireLinks(links: readonly string[], userSandbox: string, studyFolder?: string): Promise<void> {
  for (const path of links) {
    const place = placeOfLink(path, userSandbox);
    if (studyFolder !== undefined && pathInside(place, studyFolder) !== undefined) {
      throw new BriefError(`The brief links \`${path}\`, which holds the study's own folder ${studyFolder}.`, {
        hint: 'Link the folders in it that the script reads, each by its name.',
      });
    }
    if (await exists(place)) continue;
    const target = await readlink(place).catch(() => undefined);
    const found = target === undefined ? `there is no ${place}` : `${place} leads to ${target}, which is not there`;
    throw new BriefError(`The brief links \`${path}\`, but ${found}.`, { hint: 'Make it, or remove it from `link:`.' });
  }
}

/** For `prepare`, which may write where the owner's files are, as it would in the checkout. */
export async function linkUserPaths(links: readonly string[], userSandbox: string, target: string): Promise<void> {
  for (const path of links) await link(join(userSandbox, path), join(target, path));
}

/** Makes a link, unless the commit has something of that name: of a folder then all that the commit lacks is linked. */
async function link(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const inTheWay = lstatOf(to);
  if (inTheWay?.isSymbolicLink()) await rm(to);
  if (inTheWay?.isDirectory()) {
    for (const name of await readdir(from).catch((): string[] => [])) await link(join(from, name), join(to, name));
    return;
  }
  await symlink(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
