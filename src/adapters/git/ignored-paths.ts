/**
 * Which paths git would leave out, by the rules of the owner's checkout and by those in another folder of the same layout.
 */
import { openGit } from './git.ts';

/** The paths that git ignores; all are from the top level, of the repository and of `folder`, and need not exist. */
export async function findIgnored(root: string, folder: string, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const git = openGit(root);
  // Behind a dot no name is taken for a pattern of git's; check-ignore knows no literal ones.
  const input = paths.map((path) => `./${path}\0`).join('');
  const literal = { GIT_LITERAL_PATHSPECS: '0' };
  // What tools lay down, such as `.pytest_cache`, brings a rule of its own that ignores it.
  const places = [literal, { ...literal, GIT_WORK_TREE: folder }];
  const found = await Promise.all(
    places.map((environment) => git.run(['check-ignore', '--no-index', '--stdin', '-z'], { input, environment })),
  );
  return [
    ...new Set(
      found.flatMap((output) =>
        output
          .split('\0')
          .filter((path) => path !== '')
          .map((path) => path.slice(2)),
      ),
    ),
  ];
}
