/**
 * Moves the refs of a study that its journal does not know out of the way, so that nothing in the repository is lost and the
 * study goes on from what its journal knows.
 */
import { openGit } from './git.ts';
import { readRefs } from './refs.ts';
import { withoutStaleLocks } from './stale-lock.ts';

/**
 * Gives refs below `refs/autoresearch/<tag>/` that are not among `commits` a name below `<folder>/`; the tip and the branch, where
 * they are at none of `tips`, go back to the last of those. Gives the names of what was moved.
 */
export async function setAsideRefs(
  root: string,
  tag: string,
  commits: ReadonlyMap<string, string>,
  tips: readonly string[],
  folder: string,
): Promise<string[]> {
  const git = openGit(root);
  const [below, branch] = [`refs/autoresearch/${tag}/`, `refs/heads/autoresearch/${tag}`];
  const updates: string[] = [];
  const moved: string[] = [];
  for (const { name: ref, commit, worktree } of await readRefs(git, [below, branch])) {
    const name = ref === branch ? 'branch' : ref.slice(below.length);
    if (name.startsWith('repair-')) continue;
    const isTip = name === 'tip' || name === 'branch';
    const isKnown = isTip ? tips.includes(commit) : commits.get(name) === commit;
    // A branch that a worktree has checked out is left alone, as a keep leaves it.
    if (isKnown || (name === 'branch' && worktree !== '')) continue;
    updates.push(`update ${below}${folder}/${name} ${commit}`);
    updates.push(isTip ? `update ${ref} ${tips.at(-1)} ${commit}` : `delete ${ref} ${commit}`);
    moved.push(name);
  }
  if (updates.length > 0) {
    await withoutStaleLocks(() => git.run(['update-ref', '--stdin'], { input: `${updates.join('\n')}\n` }));
  }
  return moved;
}
