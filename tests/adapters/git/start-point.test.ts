import { mkdirSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { findRepository, resolveStart, type StartRequest } from '../../../src/adapters/git/start-point.ts';
import { WorkspaceError } from '../../../src/core/base/errors.ts';
import {
  emptyRepo,
  openRepo,
  type TemporaryRepo,
  temporaryFolder,
  temporaryRepo,
} from '../../helpers/temporary-repo.ts';

const FILES = {
  'lab/train.py': 'LR = 0.1\n',
  'lab/prepare.py': 'print(1)\n',
  'lab/program.md': 'brief\n',
  'lib/helper.py': 'x = 1\n',
  'other.txt': 'other\n',
};

function resolve({ root }: TemporaryRepo, request: Partial<StartRequest> = {}) {
  return resolveStart({
    root,
    sandbox: 'lab',
    edit: ['train.py'],
    include: ['lib'],
    briefPath: 'lab/program.md',
    ...request,
  });
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkspaceError);
  const { message, hint } = error as WorkspaceError;
  return `${message}\n${hint}`;
}

test('the repository of a folder is found from below its top', async () => {
  const { root } = temporaryRepo(FILES);
  expect(await findRepository(join(root, 'lab'))).toBe(root);
});

test('the repository is found by its folder, not by GIT_DIR', async () => {
  const [here, other] = [temporaryRepo(FILES), temporaryRepo(FILES)];
  vi.stubEnv('GIT_DIR', join(other.root, '.git'));
  expect(await findRepository(here.root)).toBe(here.root);
  vi.unstubAllEnvs();
});

test('a folder without a repository is told the two commands', async () => {
  const said = await refusal(findRepository(temporaryFolder()));
  expect(said).toMatch(/is not in a git repository\n.*\n {2}git init\n {2}git add -A && git commit/);
  expect(await refusal(findRepository('/nowhere at all'))).toContain('There is no folder /nowhere at all');
});

test('a repository without a commit is told the two commands', async () => {
  const repo = emptyRepo();
  repo.write('lab/train.py', 'LR = 0.1\n');
  expect(await refusal(resolve(repo))).toMatch(/has no commit yet\n.*\n {2}git add -A && git commit/);
  expect(await refusal(resolve(repo, { from: 'worktree' }))).toContain('has no commit yet');
});

test('a bare repository is refused by name', async () => {
  const folder = join(temporaryFolder(), 'bare.git');
  temporaryRepo(FILES).git('clone', '--quiet', '--bare', '.', folder);
  expect(await refusal(findRepository(folder))).toContain('bare repository');
});

test('a study starts at HEAD, detached or not', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  expect(await resolve(repo)).toEqual({ root: repo.root, start, warnings: [] });
  repo.git('checkout', '--quiet', '--detach');
  expect((await resolve(repo)).start).toBe(start);
});

test('a study starts at the ref asked for, although the files on disk are those of HEAD', async () => {
  const repo = temporaryRepo(FILES);
  repo.git('checkout', '--quiet', '-b', 'night');
  repo.write('lab/train.py', 'LR = 0.5\n');
  const night = repo.commit();
  repo.git('checkout', '--quiet', 'main');
  expect((await resolve(repo, { from: 'night' })).start).toBe(night);
  repo.git('tag', '-a', 'v1', '-m', 'annotated', 'night');
  expect((await resolve(repo, { from: 'v1' })).start).toBe(night);
  repo.write('lab/train.py', 'LR = 0.7\n');
  expect(await refusal(resolve(repo, { from: 'night' }))).toMatch(/differ from commit \w+, .*: lab\/train\.py\n/);
});

test('an unknown ref is named', async () => {
  const repo = temporaryRepo(FILES);
  expect(await refusal(resolve(repo, { from: 'no-such-branch' }))).toContain('found "no-such-branch"');
  expect(await refusal(resolve(repo, { from: '--help' }))).toContain('found "--help"');
  expect(await refusal(resolve(repo, { from: 'HEAD:other.txt' }))).toContain('found "HEAD:other.txt"');
});

test('a sandbox file that was changed, staged, added or deleted is named, with a way out', async () => {
  const changes: Record<string, (repo: TemporaryRepo) => void> = {
    'lab/train.py': ({ write }) => write('lab/train.py', 'LR = 9\n'),
    'lab/prepare.py': ({ write, git }) => {
      write('lab/prepare.py', 'staged\n');
      git('add', '-A');
      write('lab/prepare.py', FILES['lab/prepare.py']);
    },
    'lab/new.py': ({ write, git }) => {
      write('lab/new.py', 'x\n');
      git('add', '-A');
    },
    'lib/helper.py': ({ git }) => git('rm', '--quiet', 'lib/helper.py'),
  };
  for (const [path, change] of Object.entries(changes)) {
    const repo = temporaryRepo(FILES);
    change(repo);
    const said = await refusal(resolve(repo));
    expect(said).toMatch(new RegExp(`differ from commit .*: ${path}\n`));
    expect(said).toContain('--from worktree');
  }
});

test('changes of the brief and outside the sandbox do not matter', async () => {
  const repo = temporaryRepo(FILES);
  repo.write('lab/program.md', 'edited between nights\n');
  repo.write('other.txt', 'edited\n');
  repo.write('elsewhere.txt', 'untracked\n');
  expect((await resolve(repo)).warnings).toEqual([]);
});

test('a touched but unchanged file does not matter', async () => {
  const repo = temporaryRepo(FILES);
  const path = join(repo.root, 'lab/train.py');
  const later = statSync(path).mtimeMs / 1000 + 60;
  utimesSync(path, later, later);
  expect((await resolve(repo)).warnings).toEqual([]);
});

test('untracked files of the sandbox get one warning, ignored ones none', async () => {
  const repo = temporaryRepo({ ...FILES, '.gitignore': 'data/\n' });
  for (const name of ['a', 'b', 'c']) repo.write(`lab/${name}.py`, '');
  repo.write('lab/data/big.bin', '');
  const { warnings } = await resolve(repo);
  expect(warnings).toEqual(['Not in git, so absent from runs: lab/a.py, lab/b.py, lab/c.py.']);
});

test('untracked files that are linked are not absent from runs, and get no warning', async () => {
  const repo = temporaryRepo(FILES);
  for (const path of ['lab/rows.csv', 'lab/data/a/b.bin', 'lab/data2.csv', 'top.bin']) repo.write(path, '');
  const { warnings } = await resolve(repo, { include: ['lib'], link: ['rows.csv', 'data/', '../top.bin'] });
  expect(warnings).toEqual(['Not in git, so absent from runs: lab/data2.csv.']);
});

test('untracked files in the runs/ of the brief are outputs, and get no warning', async () => {
  const repo = temporaryRepo(FILES);
  repo.write('runs/tensorboard/events.out', '');
  repo.write('lab/runs/events.out', '');
  const { warnings } = await resolve(repo, { sandbox: '.', edit: ['lab/train.py'] });
  expect(warnings).toEqual(['Not in git, so absent from runs: runs/tensorboard/events.out.']);
});

test('--from worktree records the tracked sandbox files on top of HEAD and nothing else', async () => {
  const repo = temporaryRepo({ ...FILES, 'lab/old.py': 'old\n', 'lab/untracked-again.py': 'x\n' });
  const head = repo.git('rev-parse', 'HEAD');
  repo.write('lab/train.py', 'LR = 9\r\n');
  repo.write('lab/new.py', 'new\n');
  repo.write('other.txt', 'edited\n');
  repo.git('add', 'lab/new.py', 'other.txt');
  repo.git('rm', '--quiet', 'lab/old.py');
  repo.git('rm', '--quiet', '--cached', 'lab/untracked-again.py');
  repo.write('lab/loose.py', 'untracked\n');
  const status = repo.git('status', '--porcelain');

  const { start, warnings } = await resolve(repo, { from: 'worktree' });
  expect(repo.git('diff-tree', '-r', '--name-status', head, start)).toBe(
    ['A\tlab/new.py', 'D\tlab/old.py', 'M\tlab/train.py', 'D\tlab/untracked-again.py'].join('\n'),
  );
  expect(repo.git('rev-parse', `${start}^`)).toBe(head);
  expect(warnings.join('\n')).toContain(`recorded as commit ${start}, on no branch of yours`);
  expect(warnings.join('\n')).toContain('lab/loose.py');
  expect(repo.git('rev-parse', 'HEAD')).toBe(head);
  expect(repo.git('status', '--porcelain')).toBe(status);
});

test('--from worktree of a clean sandbox starts at HEAD', async () => {
  const repo = temporaryRepo(FILES);
  expect((await resolve(repo, { from: 'worktree' })).start).toBe(repo.git('rev-parse', 'HEAD'));
});

test('--from worktree works in the middle of a merge conflict elsewhere', async () => {
  const repo = temporaryRepo(FILES);
  repo.git('checkout', '--quiet', '-b', 'theirs');
  repo.write('other.txt', 'theirs\n');
  repo.commit();
  repo.git('checkout', '--quiet', 'main');
  repo.write('other.txt', 'ours\n');
  const head = repo.commit();
  expect(() => repo.git('merge', 'theirs')).toThrow();
  repo.write('lab/train.py', 'LR = 9\n');
  const { start } = await resolve(repo, { from: 'worktree' });
  expect(repo.git('diff-tree', '-r', '--name-status', head, start)).toBe('M\tlab/train.py');
});

test('an editable file that is not tracked is named, in an ignored folder too', async () => {
  const repo = temporaryRepo({ ...FILES, '.gitignore': 'scratch/\n' });
  repo.write('lab/extra.py', '');
  repo.write('scratch/train.py', '');
  const extra = await refusal(resolve(repo, { edit: ['train.py', 'extra.py'] }));
  expect(extra).toContain('The editable file lab/extra.py is not tracked in commit');
  expect(await refusal(resolve(repo, { sandbox: 'scratch' }))).toContain('scratch is not a folder of commit');
});

test('an editable symbolic link is refused', async () => {
  const repo = temporaryRepo(FILES);
  symlinkSync('train.py', join(repo.root, 'lab/link.py'));
  repo.commit();
  expect(await refusal(resolve(repo, { edit: ['link.py'] }))).toContain('lab/link.py is not a regular file');
});

test('a sandbox or an included path that the commit lacks is named', async () => {
  const repo = temporaryRepo(FILES);
  mkdirSync(join(repo.root, 'empty'));
  expect(await refusal(resolve(repo, { sandbox: 'empty' }))).toContain('The sandbox empty is not a folder');
  expect(await refusal(resolve(repo, { include: ['lib', 'nope'] }))).toContain('The included path nope is not in');
});

test('a path outside the repository is refused', async () => {
  const repo = temporaryRepo(FILES);
  expect(await refusal(resolve(repo, { sandbox: '../lab' }))).toContain('../lab is outside the repository');
  expect(await refusal(resolve(repo, { include: ['/etc'] }))).toContain('/etc is outside the repository');
  expect(await refusal(resolve(repo, { edit: ['../../x.py'] }))).toContain('outside the repository');
});

test('a sandbox inside a submodule is refused from outside and works from inside', async () => {
  const inner = temporaryRepo(FILES);
  const outer = temporaryRepo({ 'program.md': 'brief\n' });
  outer.git('submodule', '--quiet', 'add', inner.root, 'deps/inner');
  outer.commit();
  for (const sandbox of ['deps/inner', 'deps/inner/lab']) {
    const said = await refusal(resolve(outer, { sandbox, include: [], briefPath: 'program.md' }));
    expect(said).toContain('belongs to the git submodule deps/inner');
  }
  const root = await findRepository(join(outer.root, 'deps/inner/lab'));
  expect(root).toBe(join(outer.root, 'deps/inner'));
  const { start } = await resolve(openRepo(root));
  expect(start).toBe(inner.git('rev-parse', 'HEAD'));
});

test('a linked worktree and a shallow clone start at their own HEAD', async () => {
  const repo = temporaryRepo(FILES);
  repo.write('lab/train.py', 'LR = 2\n');
  const start = repo.commit();
  const worktree = join(temporaryFolder(), 'linked');
  repo.git('worktree', 'add', '--quiet', '--detach', worktree);
  const clone = join(temporaryFolder(), 'shallow');
  repo.git('clone', '--quiet', '--depth=1', `file://${repo.root}`, clone);
  for (const root of [worktree, clone]) {
    expect(await findRepository(root)).toBe(root);
    openRepo(root).write('lab/train.py', 'LR = 3\n');
    const recorded = await resolve(openRepo(root), { from: 'worktree' });
    expect(openRepo(root).git('rev-parse', `${recorded.start}^`)).toBe(start);
  }
});

test('an edit of the same length, made in the moment of the checkout, is recorded', async () => {
  const repo = temporaryRepo(FILES);
  repo.git('config', 'core.trustctime', 'false');
  repo.git('config', 'core.checkStat', 'minimal');
  const [file, index] = [join(repo.root, 'lab/train.py'), join(repo.root, '.git/index')];
  const moment = new Date('2026-11-28T12:00:00Z');
  utimesSync(file, moment, moment);
  repo.git('update-index', '--refresh');
  repo.write('lab/train.py', repo.read('lab/train.py').replace('1', '7'));
  utimesSync(file, moment, moment);
  utimesSync(index, moment, moment);
  const { start } = await resolve(repo, { from: 'worktree' });
  expect(repo.git('show', `${start}:lab/train.py`)).toContain('7');
});

test('a sandbox that is the whole repository is checked whole', async () => {
  const repo = temporaryRepo(FILES);
  const whole = { sandbox: '.', edit: ['lab/train.py'], include: [] };
  expect((await resolve(repo, whole)).start).toBe(repo.git('rev-parse', 'HEAD'));
  repo.write('other.txt', 'edited\n');
  expect(await refusal(resolve(repo, whole))).toMatch(/differ from commit .*: other\.txt\n/);
  const { start } = await resolve(repo, { ...whole, from: 'worktree' });
  expect(repo.git('show', `${start}:other.txt`)).toBe('edited');
});

test('earlier.json beside the brief is read by the controller alone, and gets no warning', async () => {
  const repo = temporaryRepo(FILES);
  repo.write('earlier.json', '{}');
  repo.write('lab/earlier.json', '{}');
  const { warnings } = await resolve(repo, { sandbox: '.', edit: ['lab/train.py'] });
  expect(warnings).toEqual(['Not in git, so absent from runs: earlier.json.']);
});
