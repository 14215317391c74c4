/**
 * What the owner's checkout has and a run has not: files that git ignores or does not track, tracked ones outside the paths
 * that a run gets, submodules without files, and pointers of Git LFS.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { readTextFrom } from '../files/read-file.ts';
import { type Git, openGit } from './git.ts';
import { listPaths } from './start-point.ts';

export interface MissingPaths {
  /** Relative to the sandbox; folders end with `/`. */
  readonly untracked: readonly string[];
  /** Relative to the sandbox: files, and the folders above them with a `/`. */
  readonly outside: readonly string[];
  /** Tracked symbolic links to something that a run does not get, relative to the sandbox; to folders with a `/`. */
  readonly leading: readonly string[];
  readonly emptySubmodules: readonly string[];
  readonly pointers: readonly string[];
}

export interface MissingRequest {
  /** The repository's top level, absolute. */
  readonly root: string;
  /** The sandbox, from the root; '.' when it is the root. */
  readonly sandbox: string;
  /** Included paths, from the root. */
  readonly include: readonly string[];
  /** Linked paths, relative to the sandbox. */
  readonly link: readonly string[];
}

/** What no script reads: the brief, outputs, environments and caches of tools. */
const uninteresting =
  /(?:^|\/)(?:runs|program\.md|\.?venv|env|__pycache__|node_modules|\.git|\.idea|\.vscode|\.mypy_cache|\.pytest_cache|\.ruff_cache|\.ipynb_checkpoints|\.DS_Store|wandb|mlruns|\.env[^/]*|[^/]*\.egg-info|[^/]*\.pyc)(?:\/|$)/;

/** Looks at the checkout as it is now. */
export async function findMissingPaths({ root, sandbox, include, link }: MissingRequest): Promise<MissingPaths> {
  const git = openGit(root);
  const fromSandbox = (path: string) => withSlash(posix.relative(sandbox, path), path);
  const isGiven = (path: string) => [sandbox, ...include].some((given) => given === '.' || isIn(path, given));
  const untracked = await listPaths(git, ['ls-files', '--others', '--directory', '--no-empty-directory', '-z']);
  const tracked = await listPaths(git, ['ls-files', '-z']);
  const outside = tracked.filter((path) => !isGiven(path));
  const isLinked = (path: string) => link.some((linked) => isIn(path, linked));
  const submodules = (await listOfMode(git, '160000')).filter(isGiven);
  const links = (await listOfMode(git, '120000')).filter(isGiven);
  const leading = await Promise.all(links.map((path) => leadingAway(root, path, isGiven)));
  return {
    untracked: untracked
      .filter((path) => !uninteresting.test(path))
      .map(fromSandbox)
      .filter((path) => !isLinked(path)),
    outside: [...new Set(outside.flatMap(withFolders))].map(fromSandbox),
    leading: leading
      .flatMap((path) => (path === undefined ? [] : [fromSandbox(path)]))
      .filter((path) => !isLinked(path)),
    emptySubmodules: await filterAsync(submodules, async (path) => (await entriesOf(join(root, path))) === 0),
    pointers: await filterAsync(tracked.filter(isGiven).slice(0, maxLooked), (path) => isPointer(join(root, path))),
  };
}

/** Submodules that have files, relative to the sandbox: a run is shown them, since git does not lay them out. */
export async function filledSubmodules(request: Omit<MissingRequest, 'link'>): Promise<string[]> {
  const { root, sandbox, include } = request;
  const isGiven = (path: string) => [sandbox, ...include].some((given) => given === '.' || isIn(path, given));
  const paths = (await listOfMode(openGit(root), '160000')).filter(isGiven);
  const filled = await filterAsync(paths, async (path) => (await entriesOf(join(root, path))) > 0);
  return filled.map((path) => posix.relative(sandbox, path));
}

/** Files whose beginning is read for a pointer. */
const maxLooked = 2000;

/** Tracked paths of one kind: 160000 are submodules, 120000 symbolic links. */
async function listOfMode(git: Git, mode: string): Promise<string[]> {
  const staged = await listPaths(git, ['ls-files', '--stage', '-z']);
  return staged.flatMap((line) => (line.startsWith(`${mode} `) ? [line.slice(line.indexOf('\t') + 1)] : []));
}

/** The path, with a slash for a folder, when it leads to something that is there in the checkout and not in a run. */
async function leadingAway(
  root: string,
  path: string,
  isGiven: (path: string) => boolean,
): Promise<string | undefined> {
  const target = await realpath(join(root, path)).catch(() => undefined);
  if (target === undefined) return undefined;
  const inRepository = relative(root, target).split(sep).join('/');
  if (!inRepository.startsWith('../') && isGiven(inRepository)) return undefined;
  return (await stat(target)).isDirectory() ? `${path}/` : path;
}

async function isPointer(place: string): Promise<boolean> {
  return (await readTextFrom(place, 0, 64))?.startsWith('version https://git-lfs.github.com/spec/') ?? false;
}

/** Entries of a submodule's folder but for git's own. */
async function entriesOf(folder: string): Promise<number> {
  return (await readdir(folder).catch(() => [])).filter((name) => name !== '.git').length;
}

async function filterAsync(paths: readonly string[], is: (path: string) => Promise<boolean>): Promise<string[]> {
  const answers = await Promise.all(paths.map(is));
  return paths.filter((_, index) => answers[index]);
}

/** A file and the folders above it. */
function withFolders(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return [path, ...parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)];
}

function isIn(path: string, folder: string): boolean {
  const plain = path.replace(/\/$/, '');
  return plain === folder || plain.startsWith(`${folder}/`);
}

function withSlash(plain: string, path: string): string {
  return path.endsWith('/') ? `${plain}/` : plain;
}
