/**
 * Whether the owner's files are still those that a study goes on with. Its runs never see a later change of them, so one
 * that went unsaid would seem to be tried all night.
 */
import { posix } from 'node:path';
import { type Git, openGit } from './git.ts';
import { withIndexCopy } from './record-worktree.ts';
import { changedPaths, commitOf, listPaths } from './start-point.ts';
import { readEntries } from './tree.ts';

export interface StudyFiles {
  /** The repository's top level, absolute. */
  readonly root: string;
  /** The sandbox and the included paths, from the root. */
  readonly paths: readonly string[];
  /** The editable files, from the root. */
  readonly editable: readonly string[];
  /** From the root, without a trailing slash: the brief, and the folder of studies. */
  readonly exempt: readonly string[];
  readonly start: string;
  /** What the owner had checked out when the study started, where the journal says so. */
  readonly checkout: string | undefined;
  /** The study's accepted commits, latest first: the owner may have any of them checked out, or merged. */
  readonly accepted: readonly string[];
}

export interface ChangedFiles {
  /** Files that differ from what they were at the start, and from all that the study has accepted. */
  readonly changed: readonly string[];
  /** Files that no commit of the study has. */
  readonly added: readonly string[];
}

/** The files that the owner has changed or added since the study started, committed or not. It only reads. */
export async function findChangedSince(files: StudyFiles): Promise<ChangedFiles> {
  const { root, paths, start, accepted } = files;
  const git = openGit(root);
  const commits = [start, ...(await checkoutsOf(git, files)), ...accepted];
  const differing = await withIndexCopy(git, (environment) =>
    unlikeAll(git, files, [...new Set(commits)], environment),
  );
  const untracked = await listPaths(git, ['ls-files', '--others', '--exclude-standard', '-z', '--', ...paths]);
  const known = differing.length === 0 ? [] : await readEntries(git, start, differing);
  const isKnown = (path: string) => known.some((entry) => entry.path === path);
  return {
    changed: differing.filter(isKnown),
    added: [...differing.filter((path) => !isKnown(path)), ...untracked.filter((path) => counts(files, path))].sort(),
  };
}

/** The files that differ from each of these commits. */
async function unlikeAll(
  git: Git,
  files: StudyFiles,
  commits: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  let differing: readonly string[] | undefined;
  for (const commit of commits) {
    const unlike = await changedPaths(git, commit, files.paths, environment);
    differing = (differing ?? unlike).filter((path) => unlike.includes(path) && counts(files, path));
    if (differing.length === 0) break;
  }
  return differing ?? [];
}

/**
 * What may have been checked out at the start beside the start itself, which `--from` names. A journal that does not say
 * it leaves only one conclusion: where HEAD does not come after the start, it stood elsewhere then.
 */
async function checkoutsOf(git: Git, { start, checkout }: StudyFiles): Promise<readonly string[]> {
  if (checkout !== undefined) return [checkout];
  const head = await commitOf(git, 'HEAD');
  if (head === undefined || (await git.run(['rev-list', '-1', start, `^${head}`])).trim() === '') return [];
  return [head];
}

/**
 * Whether a run could depend on the file: not on prose, git's own files or notebooks, and packages are asked for by
 * every session anew.
 */
function counts({ editable, exempt }: StudyFiles, path: string): boolean {
  if (editable.includes(path)) return true;
  if (exempt.some((each) => path === each || path.startsWith(`${each}/`))) return false;
  return !/^(?:\.git.*|LICENSE.*|requirements.*\.txt|.*\.(?:md|rst|ipynb))$/.test(posix.basename(path));
}
