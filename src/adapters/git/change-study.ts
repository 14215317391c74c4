/**
 * Renames, removes or puts back everything that the repository has of a study: its branch, and its refs below
 * `refs/autoresearch/<tag>/`. Each can be repeated after a crash.
 */
import { WorkspaceError } from '../../core/base/errors.ts';
import { type Git, openGit } from './git.ts';
import { withoutStaleLocks } from './stale-lock.ts';
import { findMissing } from './tree.ts';

interface Ref {
  readonly name: string;
  readonly commit: string;
  /** Where it is checked out, else ''. */
  readonly worktree: string;
}

/** Whether the repository has refs, or a branch, of a study with this tag. */
export async function isInRepository(root: string, tag: string): Promise<boolean> {
  const { own, branch } = await refsOf(openGit(root), tag);
  return own.length > 0 || branch !== undefined;
}

/** Gives the refs and the branch of a study another tag; a worktree that has the branch checked out follows it. */
export async function renameInRepository(root: string, from: string, to: string): Promise<void> {
  const git = openGit(root);
  const { own, branch } = await refsOf(git, from);
  const lines = own.flatMap(({ name, commit }) => [
    `create ${name.replace(folderOf(from), () => folderOf(to))} ${commit}`,
    `delete ${name} ${commit}`,
  ]);
  await update(git, lines);
  // Unlike update-ref it takes along the worktrees that have the branch checked out.
  if (branch) await git.run(['branch', '-m', `autoresearch/${from}`, `autoresearch/${to}`]);
}

/**
 * Deletes the refs and the branch of a study, and tells how many refs there were. Throws a WorkspaceError, and deletes
 * nothing, when a worktree has the branch checked out. The commits stay until git tidies up.
 */
export async function removeFromRepository(root: string, tag: string): Promise<number> {
  const git = openGit(root);
  const { own, branch } = await refsOf(git, tag);
  if (branch && branch.worktree !== '') {
    throw new WorkspaceError(`The branch autoresearch/${tag} is checked out in ${branch.worktree}`, {
      hint: `Check out another there first: git -C ${JSON.stringify(branch.worktree)} switch --detach`,
    });
  }
  const refs = branch ? [...own, branch] : own;
  await update(
    git,
    refs.map(({ name, commit }) => `delete ${name} ${commit}`),
  );
  return refs.length;
}

/**
 * Creates the refs of a study that are missing, of those whose commit the repository still has, and the branch; gives
 * their names. `commits` has the refs below `refs/autoresearch/<tag>/`.
 */
export async function putBackRefs(
  root: string,
  tag: string,
  commits: ReadonlyMap<string, string>,
  tip: string,
): Promise<string[]> {
  const git = openGit(root);
  const { own, branch } = await refsOf(git, tag);
  const there = new Set(own.map(({ name }) => name));
  const wanted = [...commits].map(([name, commit]): [string, string] => [`${folderOf(tag)}${name}`, commit]);
  if (branch === undefined) wanted.push([`refs/heads/autoresearch/${tag}`, tip]);
  const missing: [string, string][] = [];
  for (const [name, commit] of wanted) {
    if (!there.has(name) && (await findMissing(git, [commit])) === undefined) missing.push([name, commit]);
  }
  await update(
    git,
    missing.map(([name, commit]) => `create ${name} ${commit}`),
  );
  return missing.map(([name]) => name);
}

async function refsOf(git: Git, tag: string): Promise<{ readonly own: readonly Ref[]; readonly branch?: Ref }> {
  const branchName = `refs/heads/autoresearch/${tag}`;
  const format = '--format=%(refname)%00%(objectname)%00%(worktreepath)';
  const refs = (await git.run(['for-each-ref', format, folderOf(tag), branchName]))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\0'))
    .map(([name = '', commit = '', worktree = '']) => ({ name, commit, worktree }));
  const branch = refs.find(({ name }) => name === branchName);
  const own = refs.filter(({ name }) => name.startsWith(folderOf(tag)));
  return branch === undefined ? { own } : { own, branch };
}

function folderOf(tag: string): string {
  return `refs/autoresearch/${tag}/`;
}

/** One transaction: all of it or nothing. */
async function update(git: Git, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await withoutStaleLocks(() => git.run(['update-ref', '--stdin'], { input: `${lines.join('\n')}\n` }));
}
