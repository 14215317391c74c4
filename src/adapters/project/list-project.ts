/**
 * Lists what a folder has: the files that a commit of it would have, and what git ignores or does not know.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Uncommitted } from '../../core/draft/needs.ts';
import type { ProjectFile } from '../../core/draft/project-files.ts';
import { readBytes } from '../files/read-file.ts';
import { type Git, openGit } from '../git/git.ts';
import { withIndexCopy } from '../git/record-worktree.ts';
import { changedPaths, commitOf, listPaths } from '../git/start-point.ts';
import { isNotebook } from '../notebooks/notebook.ts';
import { viewOf } from '../notebooks/notebook-view.ts';

export interface Project {
  /** The folder that is looked at, absolute and with links resolved. */
  readonly folder: string;
  /** The repository's top level; the folder itself where there is no repository. */
  readonly root: string;
  /** The folder from the root, `.` for the root itself. */
  readonly prefix: string;
  readonly isRepository: boolean;
  /** The commit that is checked out; undefined where there is none yet. */
  readonly head: string | undefined;
  /** Files of the whole repository that a commit has, or would have where there is none; from the root. */
  readonly tracked: readonly string[];
  /** Files that git neither has nor ignores, from the root. */
  readonly untracked: readonly string[];
  readonly uncommitted: Uncommitted;
  /** Tracked files that differ from the commit, from the root. */
  readonly changed: readonly string[];
  /** What a first commit should leave out, from the root: environments, caches, large files; empty where there is one. */
  readonly unwanted: readonly string[];
}

/** Folders that hold no file of the owner's. */
const passedOver = new Set([
  '.git',
  '.venv',
  'venv',
  'node_modules',
  '__pycache__',
  '.mypy_cache',
  '.ruff_cache',
  '.tox',
]);
const maxFiles = 50_000;

/** What is there. The folder must be one. */
export async function listProject(folder: string): Promise<Project> {
  const real = await realpath(folder);
  const git = openGit(real);
  const root = await topOf(git);
  if (root === undefined) {
    const common = { folder: real, root: real, prefix: '.', isRepository: false };
    return { ...common, ...(await beforeFirstCommit(real, await walk(real), [])) };
  }
  const prefix = relative(root, real).split(sep).join('/') || '.';
  const top = openGit(root);
  const head = await commitOf(top, 'HEAD');
  const others = ['ls-files', '--others', '--exclude-standard', '-z'];
  const [tracked, untracked, ignoredTop, untrackedTop] = await Promise.all([
    listPaths(top, ['ls-files', '--cached', '-z']),
    listPaths(top, others),
    listPaths(top, [...others, '--ignored', '--directory', '--no-empty-directory']),
    listPaths(top, [...others, '--directory', '--no-empty-directory']),
  ]);
  const uncommitted = { ignored: ignoredTop, untracked: untrackedTop };
  const common = { folder: real, root, prefix, isRepository: true };
  if (head === undefined)
    return { ...common, ...(await beforeFirstCommit(root, [...tracked, ...untracked], ignoredTop)) };
  const changed = await withIndexCopy(top, (environment) => changedPaths(top, head, ['.'], environment));
  return { ...common, head, tracked, untracked, uncommitted, changed, unwanted: [] };
}

/** Larger files are data, which a commit should not have. */
const maxCommittedBytes = 20e6;

/** Before the first commit everything is about to be in it, but for what is no part of a project. */
async function beforeFirstCommit(root: string, paths: readonly string[], ignored: readonly string[]) {
  const large = new Set<string>();
  for (const path of paths.slice(0, maxFiles)) {
    const size = await stat(join(root, path)).then(
      (found) => found.size,
      () => 0,
    );
    if (size > maxCommittedBytes) large.add(path);
  }
  const isOurs = (path: string) => !large.has(path) && !path.split('/').some((part) => passedOver.has(part));
  const folders = await readdir(root, { withFileTypes: true });
  const environments = folders.filter(
    (entry) => entry.isDirectory() && passedOver.has(entry.name) && entry.name !== '.git',
  );
  const isIgnored = (path: string) => ignored.some((each) => path === each || path.startsWith(each));
  const unwanted = [...environments.map(({ name }) => `${name}/`), ...large].filter((path) => !isIgnored(path));
  return {
    head: undefined,
    tracked: paths.filter(isOurs),
    untracked: [],
    uncommitted: { ignored: [...ignored, ...unwanted], untracked: [] },
    changed: [],
    unwanted,
  };
}

async function topOf(git: Git): Promise<string | undefined> {
  return git.run(['rev-parse', '--show-toplevel']).then(
    (said) => said.replace(/\r?\n$/, ''),
    () => undefined,
  );
}

async function walk(folder: string): Promise<string[]> {
  const found: string[] = [];
  const queue = [''];
  for (let at = 0; at < queue.length && found.length < maxFiles; at++) {
    const inside = queue[at] ?? '';
    const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory() && !passedOver.has(entry.name)) queue.push(path);
      else if (entry.isFile()) found.push(path);
    }
  }
  return found.sort();
}

const readable =
  /\.(?:py|ipynb|md|rst|txt|sh|toml|cfg|jl|R|mjs|js|rb|lua)$|(?:^|\/)(?:Makefile|makefile|justfile|README[^/]*)$/;
const maxTextFiles = 3000;
const maxTextBytes = 400_000;
/** Notebooks hold pictures beside their code. */
const maxNotebookBytes = 4e6;

/**
 * The text of the project's scripts and of what may say how they are started, of notebooks that of their cells; paths are
 * relative to its folder.
 */
export async function readProjectTexts(project: Project, paths: readonly string[]): Promise<readonly ProjectFile[]> {
  return readTexts(
    project,
    paths.filter((each) => readable.test(each)),
  );
}

/** The texts of these files, as far as they are there and no larger than a text of a person's is. */
export async function readTexts({ folder }: Project, paths: readonly string[]): Promise<readonly ProjectFile[]> {
  const files: ProjectFile[] = [];
  for (const path of paths.slice(0, maxTextFiles)) {
    const file = await readBytes(join(folder, path), isNotebook(path) ? maxNotebookBytes : maxTextBytes);
    if (file.kind === 'read') files.push({ path, text: viewOf(path, file.bytes.toString('utf8')) });
  }
  return files;
}

/** The project's files below its folder, relative to it: those of a commit, and those that could be in one. */
export function pathsBelow({ prefix, tracked, untracked }: Project): readonly string[] {
  const all = [...tracked, ...untracked];
  if (prefix === '.') return all;
  return all.filter((path) => path.startsWith(`${prefix}/`)).map((path) => path.slice(prefix.length + 1));
}
