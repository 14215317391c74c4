import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../../src/adapters/git/git.ts';
import { makeRefFile, readRefFiles } from '../../../src/adapters/git/ref-files.ts';
import { readRefs } from '../../../src/adapters/git/refs.ts';
import { type TemporaryRepo, temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

const study = 'refs/autoresearch/nov23';
const branch = 'refs/heads/autoresearch/nov23';
const asked = [study, branch];

/** A repository with the refs of a study, loose; the second commit is HEAD. */
function studied(): TemporaryRepo & { readonly first: string; readonly second: string } {
  const repo = temporaryRepo({ a: '1' });
  const first = repo.git('rev-parse', 'HEAD');
  repo.write('a', '2');
  const second = repo.commit();
  for (const name of ['0000', '0001', 'tip', 'confirm-1/2']) repo.git('update-ref', `${study}/${name}`, first);
  repo.git('update-ref', branch, second);
  repo.git('update-ref', 'refs/autoresearch/nov23b/0000', second);
  return { ...repo, first, second };
}

const files = ({ root }: TemporaryRepo) => readRefFiles(join(root, '.git'), asked);

test.each<[string, (repo: ReturnType<typeof studied>) => void]>([
  ['are loose', () => {}],
  ['are packed', ({ git }) => git('pack-refs', '--all')],
  [
    'were packed and then moved, deleted and made',
    ({ git, second }) => {
      git('pack-refs', '--all');
      git('update-ref', `${study}/tip`, second);
      git('update-ref', '-d', `${study}/0001`);
      git('update-ref', `${study}/0002`, second);
    },
  ],
  ['have a lock', ({ write, first }) => write(`.git/${study}/0003.lock`, `${first}\n`)],
  ['are not there', ({ git }) => git('update-ref', '-d', branch)],
  ['are checked out', ({ git }) => git('checkout', '--quiet', 'autoresearch/nov23')],
  [
    'are checked out elsewhere',
    ({ git }) => git('worktree', 'add', join(temporaryFolder(), 'w'), 'autoresearch/nov23'),
  ],
])('refs that %s are read as git reads them', async (_, change) => {
  const repo = studied();
  change(repo);
  const byGit = await readRefs(openGit(repo.root), asked);
  expect(byGit.length).toBeGreaterThan(3);
  const isThere = (refs: typeof byGit) => refs.map((ref) => ({ ...ref, worktree: ref.worktree !== '' }));
  expect(isThere((await files(repo)) ?? [])).toEqual(isThere(byGit));
});

test.each<[string, (repo: ReturnType<typeof studied>) => void]>([
  ['names another one', ({ git }) => git('symbolic-ref', `${study}/0002`, branch)],
  ['holds something else', ({ write }) => write(`.git/${study}/0002`, 'nothing\n')],
  ['is empty', ({ write }) => write(`.git/${study}/0002`, '')],
  ['is a pipe', ({ root }) => execFileSync('mkfifo', [join(root, '.git', study, '0002')])],
  ['is a link', ({ root }) => symlinkSync(join(root, '.git', branch), join(root, '.git', study, '0002'))],
  [
    'is one of a thousand',
    ({ git, root, first }) => {
      for (let count = 0; count < 1000; count += 1) writeFileSync(join(root, '.git', study, `x${count}`), `${first}\n`);
      git('update-ref', `${study}/0002`, first);
    },
  ],
  ['lies in a table', ({ root }) => mkdirSync(join(root, '.git', 'reftable'))],
])('git is asked where a ref %s', async (_, change) => {
  const repo = studied();
  expect(await files(repo)).toHaveLength(5);
  change(repo);
  expect(await files(repo)).toBeUndefined();
});

function moveAfterPacking({ git, first, second }: ReturnType<typeof studied>): void {
  git('update-ref', `${study}/0002`, first);
  git('pack-refs', '--all');
  git('update-ref', `${study}/tip`, second);
}

test.each<[string, (repo: ReturnType<typeof studied>) => void, boolean]>([
  ['is new', () => {}, true],
  ['was packed beside a loose one', moveAfterPacking, true],
  ['has no folder', ({ git }) => git('pack-refs', '--all'), false],
  ['is there', ({ git, first }) => git('update-ref', `${study}/0002`, first), false],
  ['is locked', ({ write }) => write(`.git/${study}/0002.lock`, ''), false],
  ['lies in a table', ({ root }) => mkdirSync(join(root, '.git', 'reftable')), false],
])('a ref that %s is made as a file: %s', async (_, change, isMade) => {
  const repo = studied();
  change(repo);
  const parts = temporaryFolder();
  expect(await makeRefFile(join(repo.root, '.git'), `${study}/0002`, repo.second, parts)).toBe(isMade);
  expect(readdirSync(parts)).toEqual([]);
  if (isMade) expect(repo.git('rev-parse', `${study}/0002`)).toBe(repo.second);
});
