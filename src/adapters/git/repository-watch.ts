/**
 * What makes git run or read something as the owner: hooks, configuration, attributes and other stores of objects. A run that is
 * not isolated could change it, and nobody looks there.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBytes } from '../files/read-file.ts';
import type { Git } from './git.ts';
import { gitPath } from './git-folders.ts';

/** Each look gives the paths, relative to git's folder, that are others than at the one before; the first gives none. */
export function watchRepository(git: Git): () => Promise<readonly string[]> {
  let before: ReadonlyMap<string, string> | undefined;
  let folder: string | undefined;
  const looked = new Map<string, Look>();
  return async () => {
    folder ??= await gitPath(git, '--git-common-dir');
    const now = await markFiles(folder, looked);
    const known = before ?? now;
    before = now;
    return [...new Set([...known.keys(), ...now.keys()])].filter((path) => known.get(path) !== now.get(path)).sort();
  };
}

const single = ['config', 'config.worktree', 'info/attributes', 'objects/info/alternates'];
const maxBytes = 1 << 20;

/** What was found at a path. */
interface Look {
  readonly state: string;
  readonly mark: string;
  /** Read again in the same state at a later look: a change in the moment of the first reading may have left no other state. */
  readonly isSettled: boolean;
}

async function markFiles(folder: string, looked: Map<string, Look>): Promise<ReadonlyMap<string, string>> {
  const hooks = (await readdir(join(folder, 'hooks')).catch(() => [])).map((name) => `hooks/${name}`);
  const marks = new Map<string, string>();
  for (const path of [...single, ...hooks]) {
    const state = stateOf(join(folder, path));
    if (state === undefined) continue;
    const known = looked.get(path);
    const isKnown = known?.state === state;
    const mark = isKnown && known.isSettled ? known.mark : await markOf(join(folder, path), state);
    looked.set(path, { state, mark, isSettled: isKnown });
    marks.set(path, mark);
  }
  return marks;
}

/** What changes with every change of a file; undefined for nothing there. The last change's time nobody sets. */
function stateOf(path: string): string | undefined {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false }) as BigIntStats | undefined;
  return stat && [stat.mode, stat.size, stat.dev, stat.ino, stat.mtimeNs, stat.ctimeNs].join(' ');
}

/** Rights count: a hook runs only where it is executable. */
async function markOf(path: string, state: string): Promise<string> {
  const [mode, size] = state.split(' ');
  const file = await readBytes(path, maxBytes);
  const content = file.kind === 'read' ? createHash('sha256').update(file.bytes).digest('hex') : file.kind;
  return `${mode} ${size} ${content}`;
}
