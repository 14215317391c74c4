import { expect, it } from 'vitest';
import { openGit } from '../../../src/adapters/git/git.ts';
import { emptyRepo } from '../../helpers/temporary-repo.ts';

/** A command of git that fails so, behind a setting as ours stand. */
async function fail(said: string): Promise<{ readonly root: string; readonly failure: unknown }> {
  const { root, git } = emptyRepo();
  git('config', 'alias.weigh', `!echo "fatal: ${said}" >&2; exit 128`);
  const failure = await openGit(root)
    .run(['-c', 'core.fsync=none', 'weigh'])
    .catch((error: unknown) => error);
  return { root, failure };
}

it.each([
  ["sha1 file '.git/index.lock' write error. Out of diskspace."],
  ["unable to create '.git/index.lock': No space left on device"],
  ['unable to write new index file: Disk quota exceeded'],
])('a failure that says %j is told as a full disk, without what git printed', async (said) => {
  const { root, failure } = await fail(said);
  expect(failure).toMatchObject({
    message: `Git could not write in ${root}: no room is left on its disk`,
    hint: expect.stringContaining('Make room'),
  });
});

it('another failure has no such hint', async () => {
  const { failure } = await fail('bad object');
  expect(failure).toMatchObject({ message: expect.stringContaining('fatal: bad object'), hint: undefined });
});

it('a command that reads its input ends also where there is none', async () => {
  const { root } = emptyRepo();
  expect(await openGit(root).run(['cat-file', '--batch-check'], { input: '' })).toBe('');
  expect(await openGit(root).run(['cat-file', '--batch-check'])).toBe('');
});
