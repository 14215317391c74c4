/**
 * The commit of a study's journal and small files. Its objects lie in a folder of their own, which borrows from the user's
 * repository and adds nothing to it: a long study writes its whole journal again for each of these commits.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { StudySnapshot } from '../../ports/mirror.ts';
import type { Git } from '../git/git.ts';

/** What makes git write objects into the work folder, and find the repository's. */
export async function privateObjects(git: Git, workFolder: string): Promise<Readonly<Record<string, string>>> {
  const objects = join(workFolder, 'objects');
  await mkdir(objects, { recursive: true });
  const theirs = resolve(git.folder, (await git.run(['rev-parse', '--git-path', 'objects'])).trim());
  return { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: theirs };
}

/** Makes the commit; the files lie in it as below the repository's root. Without a parent: it says what is, not what was. */
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
  const lines = files.map(({ path }, place) => `100644 ${ids[place]}\t${folder}/${path}`);
  const environment = { GIT_INDEX_FILE: join(workFolder, 'index'), ...author };
  await git.run(['read-tree', '--empty'], { environment });
  await git.run(['update-index', '--add', '--index-info'], { input: `${lines.join('\n')}\n`, environment });
  const tree = (await git.run(['write-tree'], { environment })).trim();
  const message = `The journal of study ${tag}, ${entries} entries\n`;
  return (await git.run(['commit-tree', tree], { input: message, environment })).trim();
}

/** A mirror's commit is the machine's own bookkeeping, whoever the user is. */
const author = {
  GIT_AUTHOR_NAME: 'Nocturne',
  GIT_AUTHOR_EMAIL: 'nocturne@localhost',
  GIT_COMMITTER_NAME: 'Nocturne',
  GIT_COMMITTER_EMAIL: 'nocturne@localhost',
};
