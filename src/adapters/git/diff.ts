/**
 * The unified diff of two commits: the same whatever the user's settings of git say of diffs.
 */
import type { Git } from './git.ts';

const form = [
  ...['-p', '-U3', '--text', '--no-renames', '--no-ext-diff', '--no-textconv'],
  ...['--src-prefix=a/', '--dst-prefix=b/'],
];

/** The diff of these paths, from the repository's top, or of all; empty where they are the same. */
export function diffOf(git: Git, from: string, to: string, paths: readonly string[] = []): Promise<string> {
  return git.run(['diff-tree', ...form, from, to, '--', ...paths]);
}
