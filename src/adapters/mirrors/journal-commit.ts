/**
 * The commit of a study's journal and small files. Each such commit holds the whole journal again, so its objects are
 * written to a folder of their own. That folder reads objects of the owner's repository and adds none to it.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudySnapshot } from '../../ports/mirror.ts';
import type { Git } from '../git/git.ts';
import { findObjectsFolder } from '../git/object-store.ts';

/** The environment in which git writes objects to the work folder and reads the repository's too. */
export async function privateObjects(git: Git, workFolder: string): Promise<Readonly<Record<string, string>>> {
  const objects = join(workFolder, 'objects');
  await mkdir(objects, { recursive: true });
  const theirs = await findObjectsFolder(git);
  return { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: theirs };
}

/**
 * Makes the commit, with the files at their paths in the repository. It has no parent: only its latest state is of use.
 */
export async function commitFiles(
  git: Git,
  snapshot: StudySnapshot,
  folder: string,
  workFolder: string,
): Promise<string> {
  const { tag, entries, files } = snapshot;
  const sources = files.map(({ source }) => source).join('\n');
  const hashed = await git.run(['hash-object', '-w', '--no-filters', '--stdin-paths'], { input: `${sources}\n` });
  const ids = hashed.trim().split('\n');
  const lines = files.map(({ path }, index) => `100644 ${ids[index]}\t${folder}/${path}`);
  const environment = { GIT_INDEX_FILE: join(workFolder, 'index'), ...author };
  await git.run(['read-tree', '--empty'], { environment });
  await git.run(['update-index', '--add', '--index-info'], { input: `${lines.join('\n')}\n`, environment });
  const tree = (await git.run(['write-tree'], { environment })).trim();
  const message = `The journal of study ${tag}, ${entries} entries\n`;
  return (await git.run(['commit-tree', tree], { input: message, environment })).trim();
}

/** The author of these commits: Nocturne, not the owner, since they are its own bookkeeping. */
const author = {
  GIT_AUTHOR_NAME: 'Nocturne',
  GIT_AUTHOR_EMAIL: 'nocturne@localhost',
  GIT_COMMITTER_NAME: 'Nocturne',
  GIT_COMMITTER_EMAIL: 'nocturne@localhost',
};
