/**
 * Records tracked files as they are on disk in a commit on top of HEAD, which no branch points at.
 *
 * The user's index says which files are tracked; it is copied, never written. All other paths stay those of HEAD.
 */
import { copyFile, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryName } from '../temporary-name.ts';
import type { Git } from './git.ts';
import { gitPath } from './git-folders.ts';
import { readIdentity, signature } from './identity.ts';

/** The recorded commit; HEAD itself when nothing differs. */
export async function recordWorktree(git: Git, head: string, paths: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), temporaryName('index')));
  try {
    const entries = await trackedEntries(git, join(folder, 'tracked'), paths);
    const tree = await replacePaths(git, join(folder, 'recorded'), { head, paths, entries });
    if (tree === (await git.run(['rev-parse', '--verify', `${head}^{tree}`])).trim()) return head;
    const message = `Record the work tree of ${paths.join(', ')}\n\nThe files as they were when the study started, on top of HEAD.\n`;
    const environment = signature(await readIdentity(git), new Date().toISOString());
    return (await git.run(['commit-tree', tree, '-p', head], { input: message, environment })).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Does `act` with a copy of the user's index, for commands that would refresh it in passing. */
export async function withIndexCopy<Result>(
  git: Git,
  act: (environment: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), temporaryName('index')));
  try {
    const index = join(folder, 'index');
    await copyOwnIndex(git, index);
    return await act({ GIT_INDEX_FILE: index });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The tracked files below the paths with their content on disk, as `update-index --index-info` reads them. */
async function trackedEntries(git: Git, index: string, paths: readonly string[]): Promise<string> {
  await copyOwnIndex(git, index);
  const environment = { GIT_INDEX_FILE: index };
  await git.run(['add', '--update', '--', ...paths], { environment });
  return await git.run(['ls-files', '--stage', '-z', '--', ...paths], { environment });
}

/**
 * Copies the index with its time, cut to a whole millisecond: git reads a file again only when it is not older than its
 * index, so a newer copy would miss an edit of the same length made in the moment in which git wrote the index.
 */
async function copyOwnIndex(git: Git, to: string): Promise<void> {
  const from = await gitPath(git, '--git-path', 'index');
  const found = await stat(from).catch(() => undefined);
  // A clone without a checkout has none.
  if (found === undefined) return;
  const { mtimeMs } = found;
  await copyFile(from, to);
  const time = Math.floor(mtimeMs) / 1000;
  await utimes(to, time, time);
}

/** The tree of HEAD with everything below the paths replaced. */
async function replacePaths(
  git: Git,
  index: string,
  { head, paths, entries }: { head: string; paths: readonly string[]; entries: string },
): Promise<string> {
  const environment = { GIT_INDEX_FILE: index };
  await git.run(['read-tree', head], { environment });
  await git.run(['rm', '-r', '-f', '-q', '--cached', '--ignore-unmatch', '--', ...paths], { environment });
  await git.run(['update-index', '-z', '--index-info'], { environment, input: entries });
  return (await git.run(['write-tree'], { environment })).trim();
}
