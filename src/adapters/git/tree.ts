/** Entries of a commit's tree, and the bytes they name. */
import type { Git } from './git.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly kind: 'blob' | 'tree' | 'commit';
  readonly id: string;
  readonly path: string;
}

/** The entries of these paths and of folders on the way to them; a path that the commit lacks has none. */
export async function readEntries(git: Git, commit: string, paths: readonly string[]): Promise<TreeEntry[]> {
  const listed = await git.run(['ls-tree', '-z', '-t', '--full-tree', commit, '--', ...paths]);
  return listed
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [, mode = '', kind = '', id = '', path = ''] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
      return { mode, kind: kind as TreeEntry['kind'], id, path };
    });
}

/** The bytes of the objects, in the order asked; undefined for what does not exist. */
export async function readObjects(git: Git, names: readonly string[]): Promise<(Buffer | undefined)[]> {
  const output = await git.catFile(['--batch'], { input: `${names.join('\n')}\n` });
  let at = 0;
  return names.map(() => {
    const end = output.indexOf('\n', at);
    const header = output.toString('utf8', at, end);
    at = end + 1;
    const [, size] = /^\w+ \w+ (\d+)$/.exec(header) ?? [];
    if (size === undefined) return undefined;
    const content = output.subarray(at, at + Number(size));
    at += Number(size) + 1;
    return content;
  });
}

/** The first of these commits that the repository does not have; undefined when it has all. */
export async function findMissing(git: Git, commits: readonly string[]): Promise<string | undefined> {
  const names = [...new Set(commits)];
  const said = await git.run(['cat-file', '--batch-check'], { input: `${names.join('\n')}\n` });
  return said
    .split('\n')
    .find((line) => line.endsWith(' missing'))
    ?.split(' ')[0];
}
