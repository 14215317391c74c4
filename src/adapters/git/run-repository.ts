/**
 * The repository of a run: what git, and all that reads git, finds at the top of its tree in place of the owner's.
 *
 * Its HEAD is the candidate's commit itself, without a past, on a branch of the study's name, and nothing differs from it. What a
 * run commits there is gone with its tree. The files that all candidates share are objects of the study's store.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { looseBytes, loosePath, objectOf } from './loose-objects.ts';
import type { ObjectMemory } from './object-memory.ts';
import type { ObjectStore } from './object-store.ts';
import { foldersAbove } from './patched-commit.ts';

export interface RunRepositoryOptions {
  readonly tag: string;
  /** The editable files, from the repository's top. */
  readonly editable: readonly string[];
}

export interface RunRepositoryRequest {
  readonly commit: string;
  /** The top of the run's tree. */
  readonly folder: string;
  /** The index with which the tree was checked out; it becomes the repository's own. */
  readonly index: string;
  /** What lies in the tree and is in no commit, from its top: git is to ignore it. */
  readonly ignored: readonly string[];
}

/** Lays such repositories; the objects of the latest commit are read once. */
export function createRunRepositories(memory: ObjectMemory, store: ObjectStore, options: RunRepositoryOptions) {
  const folders = foldersAbove(options.editable);
  let latest: { readonly commit: string; readonly objects: Promise<readonly LooseFile[]> } | undefined;
  return async ({ commit, folder, index, ignored }: RunRepositoryRequest): Promise<void> => {
    if (latest?.commit !== commit)
      latest = { commit, objects: readOwnObjects(memory, commit, folders, options.editable) };
    const objects = await latest.objects;
    const place = join(folder, '.git');
    const branch = `refs/heads/autoresearch/${options.tag}`;
    const files: (readonly [string, string | Buffer])[] = [
      ['HEAD', `ref: ${branch}\n`],
      [branch, `${commit}\n`],
      ['shallow', `${commit}\n`],
      ['config', configOf(commit)],
      ['objects/info/alternates', `${store.objects}\n`],
      ['info/exclude', ignored.map((path) => `${literalPattern(path)}\n`).join('')],
      ...objects,
    ];
    for (const path of new Set(files.map(([file]) => dirname(file))))
      await mkdir(join(place, path), { recursive: true });
    await Promise.all(files.map(([path, content]) => writeFile(join(place, path), content)));
    await rename(index, join(place, 'index'));
  };
}

/** The commit, the trees above its editable files, and these: what the store has of another commit. */
async function readOwnObjects(
  memory: ObjectMemory,
  commit: string,
  folders: readonly string[],
  editable: readonly string[],
): Promise<readonly LooseFile[]> {
  const contents = await memory.read([
    commit,
    ...folders.map((path) => `${commit}:${path}`),
    ...editable.map((path) => `${commit}:${path}`),
  ]);
  const objects = contents.flatMap((content, index) => {
    const kind = index === 0 ? 'commit' : index <= folders.length ? 'tree' : 'blob';
    return content === undefined ? [] : [objectOf(kind, content, commit.length)];
  });
  return Promise.all(
    objects.map(async (object): Promise<LooseFile> => [`objects/${loosePath(object.id)}`, await looseBytes(object)]),
  );
}

/** Its path below `.git`, and its bytes. */
type LooseFile = readonly [string, Buffer];

/** A run may commit in it, so it says who does, and tidies nothing up. */
function configOf(commit: string): string {
  const format = commit.length === 64 ? '[extensions]\n\tobjectformat = sha256\n' : '';
  const version = format === '' ? 0 : 1;
  return [
    `[core]\n\trepositoryformatversion = ${version}\n\tbare = false\n\tlogallrefupdates = true\n`,
    format,
    '[user]\n\tname = Nocturne\n\temail = nocturne@localhost\n',
    '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n',
  ].join('');
}

/** The pattern of an ignore file that means this path and what is below it. */
function literalPattern(path: string): string {
  return `/${path.replace(/[\\*?[\]!# ]/g, (character) => `\\${character}`)}`;
}
