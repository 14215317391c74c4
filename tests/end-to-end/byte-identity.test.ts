import { createHash } from 'node:crypto';
import { cpSync, lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne, projectFixture, startNocturne } from '../helpers/nocturne.ts';
import { emptyRepo, type TemporaryRepo } from '../helpers/temporary-repo.ts';

const run = ['run', '--tag', 'night', '--max-experiments', '9'];
const variables = { NOCTURNE_TEST_SECONDS: '0.05' };

test('a night with two interruptions leaves every byte of a messy repository as it was', async () => {
  const repo = messyRepo();
  const before = snapshot(repo);

  const first = startNocturne(repo.root, run, variables);
  await first.until('\n   3 ');
  first.kill('SIGINT');
  expect(await first.end).toMatchObject({ exitCode: 130 });
  const second = startNocturne(repo.root, run, variables);
  await second.until('\n   6 ');
  second.kill('SIGKILL');
  expect(await second.end).toMatchObject({ signal: 'SIGKILL' });
  const third = await nocturne(repo.root, run, variables);

  expect(third.exitCode, third.stderr).toBe(0);
  expect(snapshot(repo)).toEqual(before);
  expect(repo.git('stash', 'show', '-p')).toContain('+stashed');
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-made')).toHaveLength(9);
  expect(entriesOf(journalOf(repo.root, 'night'), 'study-resumed')).toHaveLength(2);
  expect(repo.git('for-each-ref', 'refs/autoresearch').split('\n')).toHaveLength(11);
  expect(repo.git('fsck', '--strict')).not.toMatch(/error|missing/);
  expect(await nocturne(repo.root, ['check'])).toMatchObject({ exitCode: 0 });
});

/** Staged, unstaged, untracked, ignored, removed and stashed changes, a brief being edited, and hooks that fail. */
function messyRepo(): TemporaryRepo {
  const repo = emptyRepo();
  cpSync(join(projectFixture('quick'), 'train.py'), join(repo.root, 'lab', 'train.py'), { recursive: true });
  cpSync(join(projectFixture('quick'), 'program.md'), join(repo.root, 'program.md'));
  repo.write('program.md', repo.read('program.md').replace('---\n', '---\nsandbox: lab\n'));
  for (const name of ['a.ts', 'b.ts', 'c.ts', 'd.ts']) repo.write(`src/${name}`, `${name}\n`);
  repo.write('.gitignore', 'ignored.txt\n');
  repo.commit('start');
  repo.write('src/a.ts', 'stashed\n');
  repo.git('stash');
  repo.write('src/a.ts', 'staged\n');
  repo.git('add', 'src/a.ts');
  repo.write('src/a.ts', 'staged, then changed\n');
  repo.write('src/b.ts', 'unstaged\n');
  repo.git('rm', '--quiet', 'src/c.ts');
  repo.git('mv', 'src/d.ts', 'src/e.ts');
  repo.write('program.md', `${repo.read('program.md')}A thought of tonight.\n`);
  repo.write('lab/notes of mine.txt', 'untracked\n');
  repo.write('ignored.txt', 'ignored\n');
  symlinkSync('ignored.txt', join(repo.root, 'a link'));
  repo.git('config', 'user.name', 'Somebody Else');
  for (const hook of ['pre-commit', 'commit-msg', 'post-commit', 'reference-transaction', 'post-index-change']) {
    repo.writeHook(hook, 'exit 1');
  }
  return repo;
}

/** Everything in the folder but git's objects, the refs of studies and `runs/`: mode, and content or target. */
function snapshot({ root }: TemporaryRepo): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/^runs(\/|$)|^\.git\/(objects|(logs\/)?refs\/(heads\/)?autoresearch)(\/|$)/.test(path));
  return Object.fromEntries(paths.sort().map((path) => [path, describePath(join(root, path))]));
}

function describePath(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (stat.isDirectory()) return 'folder';
  return `${stat.mode.toString(8)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}
