/**
 * What makes git run or read something as the owner: hooks, configuration, attributes and other stores of objects. A run that is
 * not isolated could change it, and nobody looks there.
 */
import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBytes } from '../files/read-file.ts';
import type { Git } from './git.ts';
import { gitPath } from './git-folders.ts';

/** Each look gives the paths, relative to git's folder, that are others than at the one before; the first gives none. */
export function watchRepository(git: Git): () => Promise<readonly string[]> {
  let before: ReadonlyMap<string, string> | undefined;
  let folder: string | undefined;
  return async () => {
    folder ??= await gitPath(git, '--git-common-dir');
    const now = await markFiles(folder);
    const known = before ?? now;
    before = now;
    return [...new Set([...known.keys(), ...now.keys()])].filter((path) => known.get(path) !== now.get(path)).sort();
  };
}

const single = ['config', 'config.worktree', 'info/attributes', 'objects/info/alternates'];
const maxBytes = 1 << 20;

async function markFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const hooks = (await readdir(join(folder, 'hooks')).catch(() => [])).map((name) => `hooks/${name}`);
  const marks = await Promise.all(
    [...single, ...hooks].map(async (path) => [path, await markOf(join(folder, path))] as const),
  );
  return new Map(marks.flatMap(([path, mark]) => (mark === undefined ? [] : [[path, mark]])));
}

/** Undefined for nothing there. Rights count: a hook runs only where it is executable. */
async function markOf(path: string): Promise<string | undefined> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat === undefined) return undefined;
  const file = await readBytes(path, maxBytes);
  const content = file.kind === 'read' ? createHash('sha256').update(file.bytes).digest('hex') : file.kind;
  return `${stat.mode} ${stat.size} ${content}`;
}
