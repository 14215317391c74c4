import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveStart } from '../../../src/adapters/git/start-point.ts';
import { createGitWorkspace } from '../../../src/adapters/git/workspace.ts';
import { type TemporaryRepo, temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

const SANDBOX = { sandbox: 'sandbox', edit: ['train.py'], include: [] };

test("a night of keeps and reverts leaves every byte of the user's checkout as it was", async () => {
  const repo = messyRepo();
  const before = snapshot(repo);

  const { start } = await resolveStart({ root: repo.root, ...SANDBOX, briefPath: 'program.md' });
  await resolveStart({ root: repo.root, ...SANDBOX, briefPath: 'program.md', from: 'worktree' });
  const workspace = createGitWorkspace({ root: repo.root, ...SANDBOX, tag: 'nov23', indexFolder: temporaryFolder() });
  await workspace.adoptStart(start);
  let incumbent = start;
  for (const experiment of [1, 2, 3, 4, 5]) {
    const request = { experiment, parent: incumbent, message: `Try ${experiment}`, date: '2024-11-23T01:02:03Z' };
    const files = { 'train.py': `LR = 0.${experiment}\n` };
    const { commit, tree } = await workspace.commitCandidate({ ...request, files });
    await workspace.materialise(commit, temporaryFolder());
    await workspace.diff(incumbent, commit);
    if (experiment % 2 === 1) continue;
    const keep = await workspace.commitKeep({ ...request, tree });
    await workspace.moveBranch(incumbent, keep);
    incumbent = keep;
  }

  expect(snapshot(repo)).toEqual(before);
  expect(repo.git('rev-list', '--count', `${start}..autoresearch/nov23`)).toBe('2');
  expect(repo.git('for-each-ref', 'refs/autoresearch').split('\n')).toHaveLength(7);
  expect(repo.git('fsck', '--strict')).not.toContain('error');
});

/** Staged, unstaged, untracked, ignored and stashed changes, a brief being edited, and hooks that fail. */
function messyRepo(): TemporaryRepo {
  const repo = temporaryRepo({
    'sandbox/train.py': 'LR = 0.1\n',
    'program.md': 'brief\n',
    'src/a.ts': 'a\n',
    'src/b.ts': 'b\n',
    '.gitignore': 'ignored.txt\n',
  });
  repo.write('src/a.ts', 'stashed\n');
  repo.git('stash');
  repo.write('src/a.ts', 'staged\n');
  repo.git('add', 'src/a.ts');
  repo.write('src/a.ts', 'staged, then changed\n');
  repo.write('src/b.ts', 'unstaged\n');
  repo.write('program.md', 'brief being edited\n');
  repo.write('untracked file.txt', 'untracked\n');
  repo.write('ignored.txt', 'ignored\n');
  for (const hook of ['pre-commit', 'commit-msg', 'post-commit', 'reference-transaction', 'post-index-change']) {
    repo.writeHook(hook, 'exit 1');
  }
  return repo;
}

/** A hash of every file but git's objects and the refs of studies. */
function snapshot({ root }: TemporaryRepo): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\.git\/(objects\/|(logs\/)?refs\/(heads\/)?autoresearch\/)/.test(path));
  return Object.fromEntries(
    files.sort().map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}
