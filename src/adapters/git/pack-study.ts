/**
 * Packs the loose objects of a study: one file for hundreds, and the versions of a file as differences.
 *
 * Only objects that this study made, and that lie loose, are packed; the owner's objects, packs, settings and clean-up are left
 * alone. The pack is made in the study's folder and is whole before it comes into the repository, its index last, as git brings in
 * its own; only then the loose files go. A kill at any moment leaves objects twice, never none, and the next packing goes on.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';
import { loosePath } from './loose-objects.ts';

export interface PackOptions {
  readonly tag: string;
  /** The repository's folder of objects, absolute. */
  readonly objects: string;
  /** A folder of the study's own, for a pack that is not whole yet. */
  readonly folder: string;
  /** Loose objects that are worth a pack. */
  readonly least?: number;
}

/** Loose objects of a study that are worth a pack while it goes on. */
const enough = 128;

/** Packs them, if there are enough; gives how many. */
export async function packStudy(git: Git, { tag, objects, folder, least = enough }: PackOptions): Promise<number> {
  await bringIn(folder, objects);
  const loose = await looseOf(git, tag, objects);
  if (loose.length < least) return 0;
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'pack'), { recursive: true });
  await git.run(['pack-objects', '--quiet', join(folder, 'pack', 'pack')], {
    input: loose.map((id) => `${id}\n`).join(''),
    environment: { GIT_OBJECT_DIRECTORY: folder, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects },
  });
  await bringIn(folder, objects);
  for (const id of loose) await rm(join(objects, loosePath(id)), { force: true });
  return loose.length;
}

/** Moves a pack that is whole into the repository; one whose index is not there yet is not, and goes. */
async function bringIn(folder: string, objects: string): Promise<void> {
  const made = (await readdir(join(folder, 'pack')).catch(() => [])).sort(indexLast);
  if (made.at(-1)?.endsWith('.idx')) {
    await mkdir(join(objects, 'pack'), { recursive: true });
    for (const name of made) await rename(join(folder, 'pack', name), join(objects, 'pack', name));
  }
  await rm(folder, { recursive: true, force: true });
}

function indexLast(a: string, b: string): number {
  return Number(a.endsWith('.idx')) - Number(b.endsWith('.idx'));
}

/** The objects of a study, and of no branch of the owner's, that lie loose. */
export async function looseOf(git: Git, tag: string, objects: string): Promise<readonly string[]> {
  return (await ownObjects(git, tag)).filter((id) => existsSync(join(objects, loosePath(id))));
}

/** What the study's refs reach and the owner's do not. */
async function ownObjects(git: Git, tag: string): Promise<string[]> {
  const study = [`--glob=refs/autoresearch/${tag}/*`, `--glob=refs/heads/autoresearch/${tag}`];
  const others = ['--not', '--exclude=refs/heads/autoresearch/*', '--branches', '--tags', '--remotes', 'HEAD'];
  const listed = await git.run(['rev-list', '--objects', '--no-object-names', ...study, ...others]);
  return listed.split('\n').filter((id) => id !== '');
}
