/**
 * Records one file in a commit on top of another, which no branch points at. The owner's index and files are not touched.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryName } from '../temporary-name.ts';
import type { Git } from './git.ts';
import { readIdentity, signature } from './identity.ts';

export interface FileToRecord {
  readonly commit: string;
  /** From the repository's top. */
  readonly path: string;
  readonly content: string;
  readonly message: string;
}

/** The new commit. It has the date of the one below it, so that the same file always gives the same commit. */
export async function recordFile(git: Git, { commit, path, content, message }: FileToRecord): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), temporaryName('index')));
  try {
    const environment = { GIT_INDEX_FILE: join(folder, 'index') };
    await git.run(['read-tree', commit], { environment });
    const blob = (await git.run(['hash-object', '-w', '--stdin', '--no-filters'], { input: content })).trim();
    await git.run(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { environment });
    const tree = (await git.run(['write-tree'], { environment })).trim();
    const date = (await git.run(['show', '-s', '--format=%cI', commit])).trim();
    const by = signature(await readIdentity(git), date);
    return (await git.run(['commit-tree', tree, '-p', commit], { input: message, environment: by })).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
