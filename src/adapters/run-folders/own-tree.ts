/**
 * What makes the Python processes of a run take the run's own tree for the owner's checkout, and record what they import.
 *
 * `src/python/startup` does it inside each process; a process that ignores its environment (`python -I`) goes without.
 */
import { delimiter, join, relative, resolve } from 'node:path';
import type { Import } from '../../core/run/what-ran.ts';
import { pathInside } from '../files/path-inside.ts';
import { readTextEnd } from '../files/read-file.ts';
import { packagePath } from '../package-root.ts';

/** Where a run's tree stands, and for what. All paths are absolute. */
export interface OwnTree {
  /** The run's tree, laid out as the repository. */
  readonly tree: string;
  /** The folders that the code may have been installed from: the owner's repository, the base of the study. */
  readonly checkouts: readonly string[];
  /** The editable files, from the repository's top level. */
  readonly editable: readonly string[];
  /** The file in which its processes record what they import. */
  readonly record: string;
}

/** The folder whose `sitecustomize.py` every Python process of a run loads. */
const startup = packagePath('src', 'python', 'startup');

/**
 * The environment in which Python prefers the run's own tree. An entry of PYTHONPATH that is not absolute was meant from
 * the folder where Nocturne was called.
 */
export function withOwnTree(
  environment: Readonly<Record<string, string>>,
  { tree, checkouts, editable, record }: OwnTree,
  calledFrom = process.cwd(),
): Record<string, string> {
  const entries = (environment.PYTHONPATH ?? '').split(delimiter).filter((entry) => entry !== '');
  const own = entries.flatMap((entry) => ownFirst(resolve(calledFrom, entry), tree, checkouts));
  return {
    ...environment,
    NOCTURNE_TREE: tree,
    NOCTURNE_CHECKOUTS: checkouts.join(delimiter),
    NOCTURNE_EDITABLE: editable.join(delimiter),
    NOCTURNE_IMPORTS: record,
    PYTHONPATH: [startup, ...own].join(delimiter),
  };
}

/** A folder of a checkout, with the tree's counterpart before it. */
function ownFirst(folder: string, tree: string, checkouts: readonly string[]): string[] {
  // A run's tree lies in the owner's repository, in the folder of its study.
  if (pathInside(tree, folder) !== undefined) return [folder];
  for (const checkout of checkouts) {
    const inside = pathInside(checkout, folder);
    if (inside !== undefined) return [join(tree, inside), folder];
  }
  return [folder];
}

const maxRecordBytes = 1 << 20;
const kinds = ['own', 'elsewhere', 'compiled'] as const;

/** A file of the run's tree that no experiment edits, as a process loaded it. */
export interface LoadedFile {
  /** From the tree's top. */
  readonly path: string;
  /** SHA-256 of what was loaded. */
  readonly hash: string;
}

/** The fixed files that the processes of a stage loaded, as far as they recorded it. */
export async function readLoaded(record: string): Promise<readonly LoadedFile[]> {
  const lines = ((await readTextEnd(record, maxRecordBytes)) ?? '').split('\n');
  return lines.flatMap((line) => {
    const [kind, path = '', hash = ''] = line.split('\t');
    return kind === 'fixed' ? [{ path, hash }] : [];
  });
}

/** What the processes of a stage imported, as far as they recorded it; `sandbox` is its path from the repository's top. */
export async function readImports(record: string, sandbox: string): Promise<readonly Import[]> {
  const lines = ((await readTextEnd(record, maxRecordBytes)) ?? '').split('\n');
  return lines.flatMap((line) => {
    const [kind, file = '', path = ''] = line.split('\t');
    const known = kinds.find((each) => each === kind);
    return known === undefined ? [] : [{ kind: known, file: relative(sandbox, file), path }];
  });
}
