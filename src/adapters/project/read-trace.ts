/**
 * What a dry run asked for, with its paths as the repository has them.
 */
import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Trace } from '../../core/draft/needs.ts';
import { exists } from '../files/exists.ts';
import { readObservations } from '../python/observations.ts';

/** The trace of the processes that recorded to this file, in a tree laid out as the repository at `root`. */
export async function readTrace(record: string, tree: string, root: string): Promise<Trace> {
  const { modules, read, written, variables, seeds } = await readObservations(record);
  const trees = [tree, await realpath(tree).catch(() => tree)];
  const opened: string[] = [];
  const missing: string[] = [];
  for (const path of new Set(read.flatMap((each) => insideOf(each, trees)))) {
    ((await exists(join(tree, path))) ? opened : missing).push(path);
  }
  return {
    opened,
    missing,
    written: [...new Set(written.flatMap((each) => insideOf(each, trees)))],
    imported: [...new Set(modules.flatMap(({ path }) => insideOf(path, trees)))],
    foreign: modules.flatMap(({ name, path }) => insideOf(path, [root]).map((inside) => ({ name, path: inside }))),
    variables: [...new Set(variables.map(({ name }) => name))],
    seeds,
  };
}

function insideOf(path: string, trees: readonly string[]): string[] {
  const tree = trees.find((each) => path.startsWith(`${each}${sep}`));
  return tree === undefined
    ? []
    : [
        path
          .slice(tree.length + 1)
          .split(sep)
          .join('/'),
      ];
}
