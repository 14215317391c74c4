/**
 * The lines of a commit's files that may name a place outside the repository.
 */
import { openGit } from './git.ts';

const maxCharacters = 4_000_000;

/** The lines below these paths that have a `/` after a quote, a space or a `~`, or speak of the home; binary files apart. */
export async function linesNamingPaths(root: string, commit: string, paths: readonly string[]): Promise<string> {
  const pattern =
    '(^|[[:space:]"\'=:(,])(~|\\$HOME|\\$\\{HOME\\})?/[A-Za-z0-9_.]|Path\\.home\\(|expanduser\\(|["\']HOME["\']';
  const found = await openGit(root).run(['grep', '-hIE', '-e', pattern, commit, '--', ...paths]);
  return found.slice(0, maxCharacters);
}
