import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createGitWorkspace, type GitWorkspaceOptions } from '../../../src/adapters/git/workspace.ts';
import { WorkspaceError } from '../../../src/core/base/errors.ts';
import { openRepo, type TemporaryRepo, temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

const FILES = {
  '.gitignore': 'ignored/\n',
  'sandbox/tiny/train.py': 'LR = 0.1\n',
  'sandbox/tiny/prepare.py': 'print(1)\n',
  'src/app.ts': 'export {};\n',
};

const TIP = 'refs/autoresearch/nov23/tip';
const BRANCH = 'refs/heads/autoresearch/nov23';

afterEach(() => vi.unstubAllEnvs());

function workspaceOf({ root }: TemporaryRepo, options: Partial<GitWorkspaceOptions> = {}) {
  return createGitWorkspace({
    root,
    sandbox: 'sandbox/tiny',
    edit: ['train.py'],
    include: [],
    tag: 'nov23',
    indexFolder: temporaryFolder(),
    ...options,
  });
}

function request(parent: string, rate: number, experiment = 1) {
  const files = { 'train.py': `LR = ${rate}\n` };
  return { experiment, parent, message: `Set LR to ${rate}`, date: '2024-11-23T01:02:03Z', files };
}

test('a candidate changes nothing in its parent tree but the editable files', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  const { commit } = await workspaceOf(repo).commitCandidate(request(start, 0.2));
  expect(repo.git('diff-tree', '-r', '--name-status', start, commit)).toBe('M\tsandbox/tiny/train.py');
  expect(repo.git('rev-parse', `${commit}^`)).toBe(start);
});

test('the date, the author and the message of a commit are those asked for', async () => {
  const repo = temporaryRepo(FILES);
  repo.git('config', 'user.name', 'Grace Hopper');
  repo.git('config', 'user.email', 'grace@example.org');
  const start = repo.git('rev-parse', 'HEAD');
  const workspace = workspaceOf(repo);
  const { commit, tree } = await workspace.commitCandidate(request(start, 0.2));
  const keep = await workspace.commitKeep({ ...request(start, 0.2), tree });
  for (const made of [commit, keep]) {
    expect(repo.git('show', '-s', '--format=%an|%ae|%aI|%cn|%ce|%cI|%B', made)).toBe(
      'Grace Hopper|grace@example.org|2024-11-23T01:02:03+00:00|Grace Hopper|grace@example.org|2024-11-23T01:02:03+00:00|Set LR to 0.2',
    );
  }
  // The same tree, parent, signature and message are the same commit, whichever command made it.
  expect(keep).toBe(commit);
});

test('a repository without an identity gets commits of Nocturne, and its configuration stays', async () => {
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
  const repo = temporaryRepo(FILES);
  const config = repo.read('.git/config');
  const { commit } = await workspaceOf(repo).commitCandidate(request(repo.git('rev-parse', 'HEAD'), 0.2));
  expect(repo.git('show', '-s', '--format=%an <%ae>', commit)).toBe('Nocturne <nocturne@localhost>');
  expect(repo.read('.git/config')).toBe(config);
});

test('an identity in the environment is used', async () => {
  vi.stubEnv('GIT_AUTHOR_NAME', 'Emmy');
  vi.stubEnv('GIT_AUTHOR_EMAIL', 'emmy@example.org');
  const repo = temporaryRepo(FILES);
  const { commit } = await workspaceOf(repo).commitCandidate(request(repo.git('rev-parse', 'HEAD'), 0.2));
  expect(repo.git('show', '-s', '--format=%an <%ae>', commit)).toBe('Emmy <emmy@example.org>');
});

test('the executable bit of an editable file is kept', async () => {
  const repo = temporaryRepo(FILES);
  chmodSync(join(repo.root, 'sandbox/tiny/train.py'), 0o755);
  const start = repo.commit();
  const workspace = workspaceOf(repo);
  const first = await workspace.commitCandidate(request(start, 0.2));
  const second = await workspaceOf(repo).commitCandidate(request(first.commit, 0.3, 2));
  expect(repo.git('ls-tree', second.commit, 'sandbox/tiny/train.py')).toMatch(/^100755 blob/);
  const folder = temporaryFolder();
  await workspace.materialise(second.commit, folder);
  expect(statSync(join(folder, 'sandbox/tiny/train.py')).mode & 0o111).toBe(0o111);
});

test('autocrlf and attributes do not touch the editable files', async () => {
  const repo = temporaryRepo({ ...FILES, '.gitattributes': '*.py text eol=crlf\n' });
  repo.git('config', 'core.autocrlf', 'true');
  const workspace = workspaceOf(repo);
  const files = { 'train.py': 'A = 1\nB = 2\r\nC = 3' };
  const { commit } = await workspace.commitCandidate({ ...request(repo.git('rev-parse', 'HEAD'), 0.2), files });
  const folder = temporaryFolder();
  await workspace.materialise(commit, folder);
  expect(readFileSync(join(folder, 'sandbox/tiny/train.py'), 'utf8')).toBe(files['train.py']);
  expect(readFileSync(join(folder, 'sandbox/tiny/prepare.py'), 'utf8')).toBe('print(1)\r\n');
  expect(await workspace.read(commit)).toEqual(files);
});

test('an editable file that is not UTF-8 is refused by name', async () => {
  const repo = temporaryRepo(FILES);
  repo.write('sandbox/tiny/train.py', Buffer.from([0x41, 0xff, 0xfe]));
  await expect(workspaceOf(repo).read(repo.commit())).rejects.toThrow(/train\.py of commit \w+ is not UTF-8/);
});

test('failing hooks are not run', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  for (const hook of ['pre-commit', 'commit-msg', 'reference-transaction', 'post-checkout', 'post-index-change']) {
    repo.writeHook(hook, `touch "${repo.root}/hook-was-run"; exit 1`);
  }
  const workspace = workspaceOf(repo);
  await workspace.adoptStart(start);
  const { commit } = await workspace.commitCandidate(request(start, 0.2));
  await workspace.moveBranch(start, commit);
  await workspace.materialise(commit, temporaryFolder());
  expect(existsSync(join(repo.root, 'hook-was-run'))).toBe(false);
});

test('variables of a surrounding git, editor or pager do not leak in', async () => {
  const repo = temporaryRepo(FILES);
  const other = temporaryRepo(FILES);
  const before = other.git('for-each-ref');
  vi.stubEnv('GIT_DIR', join(other.root, '.git'));
  vi.stubEnv('GIT_WORK_TREE', other.root);
  vi.stubEnv('GIT_INDEX_FILE', join(other.root, '.git/index'));
  vi.stubEnv('GIT_OBJECT_DIRECTORY', join(other.root, '.git/objects'));
  vi.stubEnv('GIT_EDITOR', 'false');
  vi.stubEnv('EDITOR', 'vi');
  vi.stubEnv('PAGER', 'less');
  vi.stubEnv('GIT_SSH_COMMAND', 'false');
  const start = repo.git('rev-parse', 'HEAD');
  const workspace = workspaceOf(repo);
  await workspace.adoptStart(start);
  const { commit } = await workspace.commitCandidate(request(start, 0.2));
  await workspace.moveBranch(start, commit);
  await workspace.materialise(commit, temporaryFolder());
  expect(repo.git('rev-parse', TIP)).toBe(commit);
  expect(other.git('for-each-ref')).toBe(before);
});

test('a branch that a worktree has checked out is left alone, and follows again later', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  const workspace = workspaceOf(repo);
  await workspace.adoptStart(start);
  const worktree = join(temporaryFolder(), 'tree');
  repo.git('worktree', 'add', worktree, 'autoresearch/nov23');
  const first = await workspace.commitCandidate(request(start, 0.2));
  await workspace.moveBranch(start, first.commit);
  expect([repo.git('rev-parse', TIP), repo.git('rev-parse', BRANCH)]).toEqual([first.commit, start]);
  expect(openRepo(worktree).git('status', '--porcelain')).toBe('');

  repo.git('worktree', 'remove', worktree);
  const second = await workspace.commitCandidate(request(first.commit, 0.3, 2));
  await workspace.moveBranch(first.commit, second.commit);
  expect([repo.git('rev-parse', TIP), repo.git('rev-parse', BRANCH)]).toEqual([second.commit, second.commit]);
});

test('a branch that the owner committed to stops with both commits and a way out', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  const workspace = workspaceOf(repo);
  await workspace.adoptStart(start);
  const theirs = repo.git('commit-tree', '-p', start, '-m', 'theirs', `${start}^{tree}`);
  repo.git('update-ref', BRANCH, theirs);
  const { commit } = await workspace.commitCandidate(request(start, 0.2));
  const error = await workspace.moveBranch(start, commit).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkspaceError);
  expect(error).toMatchObject({
    message: `${BRANCH} is at ${theirs}, but this study left it at ${start}: another program moved it`,
    hint: expect.stringContaining(`git update-ref ${BRANCH} ${start}`),
  });
  expect(repo.git('rev-parse', TIP)).toBe(start);
});

test('so does a branch whose file names an object that there is not, and the way out leads on', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  const workspace = workspaceOf(repo);
  await workspace.adoptStart(start);
  const nothing = `${'0'.repeat(39)}1`;
  writeFileSync(join(repo.root, '.git', BRANCH), `${nothing}\n`);
  const { commit } = await workspace.commitCandidate(request(start, 0.2));
  await expect(workspace.moveBranch(start, commit)).rejects.toThrow(
    `${BRANCH} is at ${nothing}, but this study left it at ${start}: another program moved it`,
  );
  repo.git('update-ref', BRANCH, start);
  await workspace.moveBranch(start, commit);
  expect(repo.git('rev-parse', BRANCH)).toBe(commit);
});

test('a deleted branch comes back with the next move', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  const workspace = workspaceOf(repo);
  await workspace.adoptStart(start);
  repo.git('branch', '-D', 'autoresearch/nov23');
  const { commit } = await workspace.commitCandidate(request(start, 0.2));
  await workspace.moveBranch(start, commit);
  expect(repo.git('rev-parse', BRANCH)).toBe(commit);
});

test("a branch named like the folder of the study's branch is named in the error", async () => {
  const repo = temporaryRepo(FILES);
  repo.git('branch', 'autoresearch');
  await expect(workspaceOf(repo).adoptStart(repo.git('rev-parse', 'HEAD'))).rejects.toThrow(
    'A branch named autoresearch is in the way of refs/heads/autoresearch/nov23',
  );
});

test('the lock of a git that was killed is removed when it is older than this process', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  const workspace = workspaceOf(repo);
  await workspace.adoptStart(start);
  const locks = ['0001.lock', 'tip.lock'].map((name) => join(repo.root, '.git/refs/autoresearch/nov23', name));
  for (const lock of locks) writeFileSync(lock, '');
  await expect(workspace.commitCandidate(request(start, 0.2))).rejects.toThrow('File exists');
  for (const lock of locks) utimesSync(lock, 1, 1);
  const { commit } = await workspace.commitCandidate(request(start, 0.2));
  await workspace.moveBranch(start, commit);
  expect(repo.git('rev-parse', TIP)).toBe(commit);
});

test('a sandbox that is the whole repository works', async () => {
  const repo = temporaryRepo({ 'train.py': 'LR = 0.1\n', 'data/a b.txt': 'x' });
  const workspace = workspaceOf(repo, { sandbox: '.' });
  const start = repo.git('rev-parse', 'HEAD');
  const { commit } = await workspace.commitCandidate(request(start, 0.2));
  const folder = temporaryFolder();
  await workspace.materialise(commit, folder);
  expect(readFileSync(join(folder, 'train.py'), 'utf8')).toBe('LR = 0.2\n');
  expect(existsSync(join(folder, 'data/a b.txt'))).toBe(true);
  expect(existsSync(join(folder, '.git'))).toBe(false);
  expect(await workspace.mentions(start, ['LR'])).toBe(true);
});

test('paths with spaces, quotes, brackets and other scripts are ordinary paths', async () => {
  const sandbox = 'köln [x] "q" *';
  const repo = temporaryRepo({ [`${sandbox}/тренер 1.py`]: 'LR = 0.1\n', 'köln x q y/no.py': '' });
  const workspace = workspaceOf(repo, { sandbox, edit: ['тренер 1.py'] });
  const start = repo.git('rev-parse', 'HEAD');
  const files = { 'тренер 1.py': 'LR = 0.2\n' };
  const { commit } = await workspace.commitCandidate({ ...request(start, 0.2), files });
  const folder = temporaryFolder();
  await workspace.materialise(commit, folder);
  expect(readFileSync(join(folder, sandbox, 'тренер 1.py'), 'utf8')).toBe('LR = 0.2\n');
  expect(existsSync(join(folder, 'köln x q y'))).toBe(false);
  expect(await workspace.diff(start, commit)).toContain('тренер 1.py');
});

test('a machine without git is told so', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  vi.stubEnv('PATH', '/nowhere');
  await expect(workspaceOf(repo).read(start)).rejects.toThrow('Git was not found on PATH');
});

test('several runs are materialised at once', async () => {
  const repo = temporaryRepo(FILES);
  const workspace = workspaceOf(repo);
  const start = repo.git('rev-parse', 'HEAD');
  const folders = [1, 2, 3, 4].map(() => temporaryFolder());
  await Promise.all(folders.map((folder) => workspace.materialise(start, folder)));
  for (const folder of folders) expect(existsSync(join(folder, 'sandbox/tiny/prepare.py'))).toBe(true);
});

test('settings of the user that change diffs, indexes and commits have no effect', async () => {
  const repo = temporaryRepo(FILES);
  const start = repo.git('rev-parse', 'HEAD');
  const workspace = workspaceOf(repo);
  const plain = await workspace.commitCandidate(request(start, 0.2));
  const diff = await workspace.diff(start, plain.commit);
  for (const [key, value] of [
    ['diff.noprefix', 'true'],
    ['diff.external', 'false'],
    ['diff.context', '0'],
    ['color.ui', 'always'],
    ['core.splitIndex', 'true'],
    ['core.sparseCheckout', 'true'],
    ['commit.gpgsign', 'true'],
    ['i18n.commitEncoding', 'latin1'],
    ['submodule.recurse', 'true'],
  ] as const) {
    repo.git('config', key, value);
  }
  mkdirSync(join(repo.root, '.git/info'), { recursive: true });
  repo.write('.git/info/sparse-checkout', '/src/\n');
  expect(await workspace.diff(start, plain.commit)).toBe(diff);
  expect(await workspace.commitCandidate(request(start, 0.2))).toEqual(plain);
  expect(await workspace.commitKeep({ ...request(start, 0.2), tree: plain.tree })).toBe(plain.commit);
  const folder = temporaryFolder();
  await workspace.materialise(plain.commit, folder);
  expect(existsSync(join(folder, 'sandbox/tiny/train.py'))).toBe(true);
});

test('a linked worktree, a shallow clone and a submodule are repositories like any other', async () => {
  const repo = temporaryRepo(FILES);
  repo.write('src/app.ts', 'more\n');
  repo.commit();
  const worktree = join(temporaryFolder(), 'linked');
  repo.git('worktree', 'add', '--detach', worktree);
  const clone = join(temporaryFolder(), 'shallow');
  repo.git('clone', '--quiet', '--depth=1', `file://${repo.root}`, clone);
  const outer = temporaryRepo({ 'README.md': 'outer\n' });
  outer.git('submodule', '--quiet', 'add', repo.root, 'inner');

  for (const root of [worktree, clone, join(outer.root, 'inner')]) {
    const here = openRepo(root);
    const start = here.git('rev-parse', 'HEAD');
    const tag = `night${root.length}`;
    const workspace = workspaceOf(here, { tag });
    await workspace.adoptStart(start);
    const { commit } = await workspace.commitCandidate(request(start, 0.2));
    await workspace.moveBranch(start, commit);
    expect(here.git('rev-parse', `autoresearch/${tag}`)).toBe(commit);
    const folder = temporaryFolder();
    await workspace.materialise(commit, folder);
    expect(readFileSync(join(folder, 'sandbox/tiny/train.py'), 'utf8')).toBe('LR = 0.2\n');
    expect(here.git('status', '--porcelain')).toBe('');
  }
});
