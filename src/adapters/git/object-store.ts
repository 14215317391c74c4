/**
 * The store of a study, beside its journal: the objects that the repositories of its runs share, and the index they begin with.
 *
 * It holds the trees of the start commit and the files that a run gets, and no past: of what lies beside its tree in the
 * owner's repository, a run that reads it learns the names. It is made once for a study.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';
import { gitPath } from './git-folders.ts';
import { writeStandInPack } from './stand-in-pack.ts';

export interface ObjectStore {
  /** Its folder of objects, absolute. */
  readonly objects: string;
  /** Copies the index of a commit of the study in which nothing is checked out yet. */
  readonly copyIndex: (commit: string, to: string) => Promise<void>;
}

export interface ObjectStoreOptions {
  readonly folder: string;
  /** The editable files, from the repository's top: commits of a study differ in nothing else. */
  readonly editable: readonly string[];
  /** The paths that a run gets, from the repository's top. */
  readonly given: readonly string[];
}

/** The store in this folder, filled when it is first needed. */
export function createObjectStore(git: Git, { folder, editable, given }: ObjectStoreOptions): ObjectStore {
  const objects = join(folder, 'objects');
  const index = join(folder, 'index');
  let ready: Promise<void> | undefined;
  const fill = async (commit: string): Promise<void> => {
    if (await isOf(git, { folder, editable, given }, commit)) return;
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(objects, 'pack'), { recursive: true });
    const entries = await listTree(git, commit);
    const isGiven = (path: string) => given.some((top) => top === '.' || path === top || path.startsWith(`${top}/`));
    const packed = entries.filter(({ kind, path }) => kind === 'tree' || (kind === 'blob' && isGiven(path)));
    const known = new Set(packed.map(({ id }) => id));
    const absent = entries.filter(({ kind, path }) => kind === 'blob' && !isGiven(path));
    const root = (await git.run(['rev-parse', '--verify', `${commit}^{tree}`])).trim();
    const ids = [...known.add(root)];
    await git.run(['pack-objects', '--quiet', join(objects, 'pack', 'pack')], {
      input: ids.map((id) => `${id}\n`).join(''),
      environment: await writingTo(git, objects),
    });
    const others = absent.map(({ id }) => id).filter((id) => !known.has(id));
    await writeStandInPack(join(objects, 'pack'), others);
    const fresh = `${index}.new`;
    const environment = { GIT_INDEX_FILE: fresh };
    await git.run([...plainIndex, 'read-tree', commit], { environment });
    const unseen = entries.filter(({ kind, path }) => kind !== 'tree' && !isGiven(path));
    if (unseen.length > 0) {
      const input = unseen.map(({ path }) => `${path}\0`).join('');
      await git.run([...plainIndex, 'update-index', '--skip-worktree', '-z', '--stdin'], { environment, input });
    }
    await writeFile(join(folder, 'commit'), commit);
    await writeFile(join(folder, 'given'), JSON.stringify(given));
    // Last: with it the store is whole.
    await rename(fresh, index);
  };
  return {
    objects,
    copyIndex: async (commit, to) => {
      // Every commit of a session comes from the same start.
      ready ??= fill(commit);
      await ready;
      await copyFile(index, to);
    },
  };
}

/** Settings with which git writes an index that every other reader of git understands. */
export const plainIndex = ['-c', 'index.version=2', '-c', 'core.untrackedCache=false', '-c', 'index.sparse=false'];

/** Whether the store is whole, for the paths that a run gets now, and made of a commit that differs from this one in editable files alone. */
async function isOf(git: Git, { folder, editable, given }: ObjectStoreOptions, commit: string): Promise<boolean> {
  if (!existsSync(join(folder, 'index')) || (await readdir(join(folder, 'objects', 'pack'))).length < 2) return false;
  const before = await readFile(join(folder, 'given'), 'utf8').catch(() => '');
  if (before !== JSON.stringify(given)) return false;
  const of = (await readFile(join(folder, 'commit'), 'utf8')).trim();
  const differing = await git
    .run(['diff-tree', '-r', '-z', '--name-only', '--no-renames', of, commit])
    .catch(() => undefined);
  return differing?.split('\0').every((path) => path === '' || editable.includes(path)) ?? false;
}

interface Listed {
  readonly kind: string;
  readonly id: string;
  readonly path: string;
}

async function listTree(git: Git, commit: string): Promise<Listed[]> {
  const lines = await git.run(['ls-tree', '-r', '-t', '-z', '--full-tree', commit]);
  return lines
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [, kind = '', id = '', path = ''] = /^\d+ (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
      return { kind, id, path };
    });
}

/** The environment in which git reads the owner's objects and writes its own, unfinished files too, into this folder. */
async function writingTo(git: Git, objects: string): Promise<Record<string, string>> {
  return { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: await findObjectsFolder(git) };
}

/** The repository's own folder of objects, absolute. */
export function findObjectsFolder(git: Git): Promise<string> {
  return gitPath(git, '--git-path', 'objects');
}
