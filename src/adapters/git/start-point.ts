/**
 * Where a study starts: the repository and the commit, and a check that the files on disk are those of the commit.
 *
 * It only reads, but for `--from worktree`, which records a commit that no branch of the user points at.
 */
import { stat } from 'node:fs/promises';
import { isAbsolute, posix } from 'node:path';
import { WorkspaceError } from '../../core/base/errors.ts';
import { type Git, openGit } from './git.ts';
import { recordWorktree, withIndexCopy } from './record-worktree.ts';
import { readEntries, type TreeEntry } from './tree.ts';

export interface StartRequest {
  /** The repository's top level, absolute. */
  readonly root: string;
  /** The sandbox, from the root; '.' when it is the root. */
  readonly sandbox: string;
  /** The editable files, from the sandbox. */
  readonly edit: readonly string[];
  /** Further paths that a run needs, from the root. */
  readonly include: readonly string[];
  /** What runs are given although git does not have it, from the sandbox. */
  readonly link?: readonly string[];
  /** From the root; the brief may differ from its committed version, or be in no commit at all. */
  readonly briefPath: string;
  /** A ref, or `worktree` for the files as they are now; otherwise HEAD. */
  readonly from?: string;
}

export interface StartPoint {
  readonly root: string;
  readonly start: string;
  /** What the user should know, one sentence each. */
  readonly warnings: readonly string[];
}

/** The top level of the repository that a folder belongs to. */
export async function findRepository(folder: string): Promise<string> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new WorkspaceError(`There is no folder ${folder}`);
  }
  const git = openGit(folder);
  try {
    return (await git.run(['rev-parse', '--show-toplevel'])).replace(/\r?\n$/, '');
  } catch (cause) {
    if (cause instanceof WorkspaceError && cause.hint !== undefined) throw cause;
    throw notUsable(folder, String(cause), cause);
  }
}

/** The commit to start from; an error when the files of the sandbox say something else. */
export async function resolveStart(request: StartRequest): Promise<StartPoint> {
  const { root, from } = request;
  const git = openGit(root);
  const required = requiredPathsOf(request);
  const head = await commitOf(git, 'HEAD');
  const { start, notes } =
    from === 'worktree'
      ? await startFromWorktree(git, head, required)
      : await startFromCommit(git, head, required, from);
  return { root, start, warnings: [...notes, ...(await warnOfUntracked(git, required))] };
}

/** The paths that a study needs, each from the repository's top. */
interface RequiredPaths {
  readonly root: string;
  readonly sandbox: string;
  readonly include: readonly string[];
  readonly editable: readonly string[];
  readonly link: readonly string[];
  readonly brief: string;
}

function requiredPathsOf({ root, sandbox, edit, include, link = [], briefPath }: StartRequest): RequiredPaths {
  return {
    root,
    sandbox: insideRepository(sandbox, root),
    include: include.map((path) => insideRepository(path, root)),
    editable: edit.map((path) => insideRepository(posix.join(sandbox, path), root)),
    link: link.map((path) => posix.join(sandbox, path).replace(/\/$/, '')),
    brief: posix.normalize(briefPath),
  };
}

async function startFromCommit(git: Git, head: string | undefined, required: RequiredPaths, from: string | undefined) {
  const start = from === undefined ? head : await commitOf(git, from);
  if (start === undefined && from === undefined) throw withoutCommit(required.root);
  if (start === undefined) {
    throw new WorkspaceError(`--from must be a commit of ${required.root}, found ${JSON.stringify(from)}`, {
      hint: 'Name a branch, a tag or a commit (git branch -a lists branches).',
    });
  }
  await assertComplete(git, start, required);
  await assertClean(git, start, head ?? start, required);
  return { start, notes: [] };
}

async function startFromWorktree(git: Git, head: string | undefined, required: RequiredPaths) {
  if (head === undefined) throw withoutCommit(required.root);
  const start = await recordWorktree(git, head, [required.sandbox, ...required.include]);
  await assertComplete(git, start, required);
  const note =
    start === head
      ? `The files of ${required.sandbox} are those of HEAD: the study starts there.`
      : `The files of ${required.sandbox} as they are now were recorded as commit ${start}, on no branch of yours.`;
  return { start, notes: [note] };
}

async function warnOfUntracked(git: Git, { sandbox, include, link, brief }: RequiredPaths): Promise<string[]> {
  const untracked = await listPaths(git, [
    'ls-files',
    '--others',
    '--exclude-standard',
    '-z',
    '--',
    sandbox,
    ...include,
  ]);
  // What is in the brief's `runs/` are outputs, such as TensorBoard's.
  const runs = `${posix.join(posix.dirname(brief), 'runs')}/`;
  const earlier = posix.join(posix.dirname(brief), 'earlier.json');
  const isLinked = (path: string) => link.some((linked) => path === linked || path.startsWith(`${linked}/`));
  const absent = untracked.filter(
    (path) => path !== brief && path !== earlier && !path.startsWith(runs) && !isLinked(path),
  );
  return absent.length === 0 ? [] : [`Not in git, so absent from runs: ${named(absent)}.`];
}

/** Throws for files that differ from both HEAD and the start commit: the study would silently run without them. */
async function assertClean(
  git: Git,
  start: string,
  head: string,
  { sandbox, include, brief }: RequiredPaths,
): Promise<void> {
  const paths = [sandbox, ...include];
  const [unlikeHead, unlikeStart] = await withIndexCopy(git, async (environment) => {
    const found = await changedPaths(git, head, paths, environment);
    return [found, start === head ? found : await changedPaths(git, start, paths, environment)];
  });
  const differing = unlikeHead.filter((path) => path !== brief && unlikeStart.includes(path));
  if (differing.length === 0) return;
  const short = start.slice(0, 10);
  throw new WorkspaceError(
    `These files differ from commit ${short}, where the study would start: ${named(differing)}`,
    {
      hint: 'Commit or stash the changes, or start from the files as they are now with --from worktree.',
    },
  );
}

/**
 * The paths whose file on disk, or whose staged version, differs from the commit. `git diff` writes what it learns of the files
 * into its index, so it is given a copy of the owner's.
 */
export async function changedPaths(
  git: Git,
  commit: string,
  paths: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string[]> {
  const diff = [
    'diff',
    '--name-only',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    '--no-relative',
    '--ignore-submodules=all',
  ];
  const [onDisk, staged] = await Promise.all([
    listPaths(git, [...diff, commit, '--', ...paths], environment),
    listPaths(git, [...diff, '--cached', commit, '--', ...paths], environment),
  ]);
  return [...new Set([...onDisk, ...staged])].sort();
}

/** Throws unless the commit has every path that a run needs. */
async function assertComplete(git: Git, commit: string, { sandbox, include, editable }: RequiredPaths): Promise<void> {
  const paths = [sandbox, ...include, ...editable].filter((path) => path !== '.');
  const entries = await readEntries(git, commit, [...new Set(paths.flatMap(ancestors))]);
  const at = (path: string) => entries.find((entry) => entry.path === path);
  const short = commit.slice(0, 10);

  for (const path of paths) assertOutsideSubmodules(path, at);
  if (sandbox !== '.' && at(sandbox)?.kind !== 'tree') {
    throw new WorkspaceError(`The sandbox ${sandbox} is not a folder of commit ${short}`, { hint: howToAdd(sandbox) });
  }
  for (const path of editable) assertEditable(path, at(path), short);
  const absent = include.find((path) => path !== '.' && at(path) === undefined);
  if (absent === undefined) return;
  throw new WorkspaceError(`The included path ${absent} is not in commit ${short}`, { hint: howToAdd(absent) });
}

function assertOutsideSubmodules(path: string, at: (path: string) => TreeEntry | undefined): void {
  const submodule = ancestors(path).find((ancestor) => at(ancestor)?.kind === 'commit');
  if (submodule === undefined) return;
  throw new WorkspaceError(`${path} belongs to the git submodule ${submodule}, which is a repository of its own`, {
    hint: `Put the brief inside ${submodule}, so that the study's commits are made there.`,
  });
}

function assertEditable(path: string, entry: TreeEntry | undefined, commit: string): void {
  if (entry === undefined) {
    throw new WorkspaceError(`The editable file ${path} is not tracked in commit ${commit}`, {
      hint: howToAdd(path),
    });
  }
  if (!entry.mode.startsWith('100')) {
    throw new WorkspaceError(`The editable file ${path} is not a regular file in commit ${commit}`, {
      hint: 'A symbolic link or a folder cannot be edited: name the file itself under `edit:`.',
    });
  }
}

/** A command that works in any folder: `:/` is the top of the repository. */
function howToAdd(path: string): string {
  return `Add it: git add ":/${path}" && git commit -m "add ${path}" (git add -f when git ignores it)`;
}

function insideRepository(path: string, root: string): string {
  const normal = posix.normalize(path).replace(/\/$/, '');
  if (isAbsolute(path) || normal === '..' || normal.startsWith('../')) {
    throw new WorkspaceError(`${path} is outside the repository ${root}`, {
      hint: 'The sandbox, its editable files and the included paths must belong to the repository of the brief.',
    });
  }
  return normal;
}

/** A path and the folders above it, without the repository's top. */
function ancestors(path: string): string[] {
  return path === '.' ? [] : [...ancestors(posix.dirname(path)), path];
}

/** The commit that a ref names; undefined where it names none. */
export async function commitOf(git: Git, ref: string): Promise<string | undefined> {
  if (ref === '' || ref.startsWith('-')) return undefined;
  const commit = await git.run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]).catch(() => '');
  return commit.trim() || undefined;
}

/** The paths that a git command with `-z` prints. */
export async function listPaths(
  git: Git,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  return (await git.run(args, { environment })).split('\0').filter((path) => path !== '');
}

/** Up to eight paths for a sentence. */
export function named(paths: readonly string[]): string {
  return paths.length <= 8 ? paths.join(', ') : `${paths.slice(0, 8).join(', ')} and ${paths.length - 8} more`;
}

function notUsable(folder: string, said: string, cause: unknown): WorkspaceError {
  if (said.includes('dubious ownership')) {
    return new WorkspaceError(`Git does not trust the repository of ${folder}, which belongs to another user`, {
      hint: `git config --global --add safe.directory ${folder}`,
      cause,
    });
  }
  if (said.includes('must be run in a work tree')) {
    return new WorkspaceError(`${folder} is inside a bare repository or a .git folder, which has no files`, {
      hint: `Work in a checkout: git clone ${folder} ../checkout`,
      cause,
    });
  }
  if (!said.includes('not a git repository')) {
    return new WorkspaceError(`Git cannot read the repository of ${folder}: ${said}`, { cause });
  }
  return new WorkspaceError(`${folder} is not in a git repository`, {
    hint: `Type these two commands:\n  git init\n${FIRST_COMMIT}`,
    cause,
  });
}

function withoutCommit(root: string): WorkspaceError {
  return new WorkspaceError(`The repository ${root} has no commit yet`, {
    hint: `Type this command:\n${FIRST_COMMIT}`,
  });
}

const FIRST_COMMIT = '  git add -A && git commit -m "start"';
