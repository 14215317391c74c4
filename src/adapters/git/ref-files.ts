/**
 * Refs read from the files in which git keeps them, without a process: one loose file each, over a list of those that were packed.
 *
 * Where anything is not as git writes it, or there are many, git itself is to be asked.
 * https://git-scm.com/docs/gitrepository-layout
 */
import { type Dirent, existsSync } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../files/exists.ts';
import { readText } from '../files/read-file.ts';
import { partName } from './loose-objects.ts';

/** A ref as it is now. */
export interface Ref {
  readonly name: string;
  readonly commit: string;
  /** Where it is checked out, else ''. */
  readonly worktree: string;
}

/** Thrown within this file. */
const odd = new Error('git is to be asked');
/** Of more loose refs git reads faster than we do. */
const maxLoose = 300;

/**
 * The refs with these names, and those in the folders of these names; undefined where git is to be asked. `folder` is git's own,
 * which all work trees share.
 */
export async function readRefFiles(folder: string, patterns: readonly string[]): Promise<Ref[] | undefined> {
  try {
    // https://git-scm.com/docs/reftable
    if (await exists(join(folder, 'reftable'))) return undefined;
    const [heads, loose] = await Promise.all([readHeads(folder), readLoose(folder, patterns)]);
    // After the loose ones: git packs a ref before it removes its file.
    const commits = new Map([...(await readPacked(folder, patterns)), ...loose]);
    return [...commits].sort().map(([name, commit]) => ({ name, commit, worktree: heads.get(name) ?? '' }));
  } catch (error) {
    if (error === odd) return undefined;
    throw error;
  }
}

/**
 * Makes a ref that is not there yet; false where git is to do it. `parts` is the folder for what is not whole yet. No lock is
 * left by a kill, and none is needed: git removes or rewrites only what it has read.
 */
export async function makeRefFile(folder: string, name: string, commit: string, parts: string): Promise<boolean> {
  const place = join(folder, name);
  const inTheWay = [join(folder, 'reftable'), place, `${place}.lock`];
  if (!existsSync(dirname(place)) || inTheWay.some((path) => existsSync(path))) return false;
  const part = join(parts, `${partName}${process.pid}-${commit}`);
  await mkdir(parts, { recursive: true });
  await writeFile(part, `${commit}\n`, { flush: true });
  try {
    await rename(part, place);
    return true;
  } catch (error) {
    await rm(part, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'EXDEV') return false;
    throw error;
  }
}

type Commits = [name: string, commit: string][];

async function readLoose(folder: string, patterns: readonly string[]): Promise<Commits> {
  const waiting = [...patterns];
  const found: Commits = [];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const place = join(folder, name);
    const entries = await readdir(place, { withFileTypes: true }).catch(() => undefined);
    if (entries) waiting.push(...entries.filter(isRef).map((entry) => `${name}/${entry.name}`));
    else if (await exists(place)) found.push([name, commitIn(await readText(place))]);
    if (found.length + waiting.length > maxLoose) throw odd;
  }
  return found;
}

/** A lock is no ref yet. */
function isRef(entry: Dirent): boolean {
  if (!entry.isFile() && !entry.isDirectory()) throw odd;
  return !entry.name.endsWith('.lock');
}

/** A ref may also name another one, which no study's does. */
function commitIn(text: string | undefined): string {
  const commit = text?.trim() ?? '';
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) throw odd;
  return commit;
}

async function readPacked(folder: string, patterns: readonly string[]): Promise<Commits> {
  const path = join(folder, 'packed-refs');
  if (!(await exists(path))) return [];
  const text = await readText(path);
  if (text === undefined) throw odd;
  const isAsked = (name: string) => patterns.some((pattern) => name === pattern || name.startsWith(`${pattern}/`));
  return text.split('\n').flatMap((line): Commits => {
    const [, commit = '', name = ''] = /^([0-9a-f]+) (.+)$/.exec(line) ?? [];
    return isAsked(name) ? [[name, commitIn(commit)]] : [];
  });
}

/** Branch -> a work tree that has it checked out. */
async function readHeads(folder: string): Promise<ReadonlyMap<string, string>> {
  const others = await readdir(join(folder, 'worktrees')).catch(() => []);
  const heads = [join(folder, 'HEAD'), ...others.map((name) => join(folder, 'worktrees', name, 'HEAD'))];
  const found = new Map<string, string>();
  for (const head of heads) {
    // Old versions of git made it a link.
    if ((await lstat(head).catch(() => undefined))?.isSymbolicLink()) throw odd;
    const [, branch] = /^ref: (\S+)\s*$/.exec((await readText(head)) ?? '') ?? [];
    if (branch !== undefined) found.set(branch, dirname(head));
  }
  return found;
}
