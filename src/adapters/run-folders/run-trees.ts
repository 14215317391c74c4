/**
 * The trees of runs: what each was given and what it saved. Beside them lie its logs and its result, which are small and stay.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../files/remove-tree.ts';
import { sizeOf } from '../files/size-of.ts';

/** Removes the trees of the runs in this folder, or of the run with this number. */
export async function discardTrees(folder: string, run?: number): Promise<void> {
  for (const tree of await treesIn(folder, run)) await removeTree(tree);
}

/** Bytes that they take. */
export async function bytesOfTrees(folder: string): Promise<number> {
  const sizes = await Promise.all((await treesIn(folder)).map(sizeOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function treesIn(folder: string, run?: number): Promise<string[]> {
  const isAsked = (name: string) => (run === undefined ? /^run-\d+$/.test(name) : name === `run-${run}`);
  const runs = (await readdir(folder).catch(() => [])).filter(isAsked);
  return runs.flatMap((run) => ['work', 'score', 'data', 'output'].map((tree) => join(folder, run, tree)));
}
