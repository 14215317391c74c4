/**
 * A commit of a project as it is now, for a dry run: the one that is checked out where that says it all, else one in a
 * repository of its own among temporary files. The owner's repository is only read.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openGit } from '../git/git.ts';
import { readIdentity, signature } from '../git/identity.ts';
import type { Project } from './list-project.ts';

export interface Snapshot {
  /** The top level of the repository that has the commit. */
  readonly root: string;
  readonly commit: string;
}

export interface SnapshotOptions {
  /** Whether files that git does not know are in it too. */
  readonly withUntracked: boolean;
  /** Paths that it leaves out, as lines of a .gitignore. */
  readonly exclude: readonly string[];
  /** An empty folder for the repository, if one must be made. */
  readonly folder: string;
}

/** The snapshot. */
export async function takeSnapshot(project: Project, options: SnapshotOptions): Promise<Snapshot> {
  const { head, changed, root } = project;
  if (head !== undefined && changed.length === 0 && !options.withUntracked) return { root, commit: head };
  await mkdir(options.folder, { recursive: true });
  const git = openGit(options.folder);
  await git.run(['init', '--quiet', '--initial-branch=main']);
  await mkdir(join(options.folder, '.git', 'info'), { recursive: true });
  await writeFile(
    join(options.folder, '.git', 'info', 'exclude'),
    `${['.git', '__pycache__', ...options.exclude.map((path) => `/${path}`)].join('\n')}\n`,
  );
  const environment = { GIT_WORK_TREE: root };
  if (head !== undefined && !options.withUntracked) {
    await git.run(['update-index', '--add', '--remove', '-z', '--stdin'], {
      environment,
      input: project.tracked.join('\0'),
    });
  } else await git.run(['add', '--all'], { environment });
  const tree = (await git.run(['write-tree'])).trim();
  const identity = signature(await readIdentity(git), new Date().toISOString());
  const commit = (
    await git.run(['commit-tree', tree], { input: 'A project as it is now\n', environment: identity })
  ).trim();
  return { root: options.folder, commit };
}
