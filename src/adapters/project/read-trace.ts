/**
 * Reads what the Python processes of a dry run noted of themselves: lines of tab-separated fields, in any number of files.
 */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trace } from '../../core/draft/needs.ts';
import { readTextEnd } from '../files/read-file.ts';

const maxBytes = 1 << 22;

/** The trace of a run in this tree; what lies outside the tree is left out. Nothing that is written there is trusted. */
export async function readTrace(folder: string, tree: string): Promise<Trace> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.sort().map((name) => readTextEnd(join(folder, name), maxBytes)));
  const trees = [tree, await realpath(tree).catch(() => tree)];
  const found = {
    opened: new Set<string>(),
    missing: new Set<string>(),
    imported: new Set<string>(),
    variables: new Set<string>(),
  };
  for (const line of texts.flatMap((text) => (text ?? '').split('\n'))) {
    const [kind, what = ''] = line.split('\t');
    if (kind === 'variable') found.variables.add(what);
    else if (kind === 'opened' || kind === 'missing' || kind === 'imported') {
      const inside = insideOf(what, trees);
      if (inside !== undefined) found[kind].add(inside);
    }
  }
  return {
    opened: [...found.opened],
    missing: [...found.missing],
    imported: [...found.imported],
    variables: [...found.variables],
  };
}

function insideOf(path: string, trees: readonly string[]): string | undefined {
  const tree = trees.find((each) => path.startsWith(`${each}/`));
  return tree === undefined ? undefined : path.slice(tree.length + 1);
}
