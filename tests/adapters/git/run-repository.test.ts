/** What git finds in the tree of a run: a repository of its own, in which the candidate is checked out and nothing differs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGitWorkspace } from '../../../src/adapters/git/workspace.ts';
import { openRepo, type TemporaryRepo, temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

const files = {
  '.gitignore': '*.pyc\n',
  'lab one/train.py': 'LR = 0.1\r\n',
  'lab one/modül/net.py': 'WIDTH = 8\n',
  'lab one/data.txt': 'text\n',
  'lib/helper.py': 'x = 1\n',
  'other/secret.txt': 'hidden\n',
};

interface Options {
  readonly sandbox?: string;
  readonly include?: readonly string[];
  readonly init?: readonly string[];
  readonly ignored?: readonly string[];
}

/** The tree of a candidate that sets LR to 0.2, and the owner's repository. */
async function lay({ sandbox = 'lab one', include = ['lib'], init = [], ignored = [] }: Options = {}) {
  const owner = temporaryRepo(files, init);
  const start = owner.git('rev-parse', 'HEAD');
  const edit = sandbox === '.' ? ['lab one/train.py'] : ['train.py', 'modül/net.py'];
  const options = { root: owner.root, sandbox, edit, include, tag: 'night', indexFolder: temporaryFolder() };
  const workspace = createGitWorkspace(options);
  await workspace.adoptStart(start);
  const [train = ''] = edit;
  const request = { experiment: 1, parent: start, message: 'idea', date: '2026-11-29T00:00:00.000Z' };
  const { commit } = await workspace.commitCandidate({ ...request, files: { [train]: 'LR = 0.2\r\n' } });
  const folder = join(owner.root, 'runs', 'night', '0001', 'run-1', 'work');
  await workspace.materialise(commit, folder, { ignored });
  return { owner, start, commit, workspace, folder, run: openRepo(folder) };
}

it.each<[string, Options]>([
  ['a part of the repository', {}],
  ['the whole repository', { sandbox: '.', include: [] }],
  ['a part of a repository with SHA-256', { init: ['--object-format=sha256'] }],
])('its HEAD is the candidate, on a branch, without a past, and nothing differs: of %s', async (_, options) => {
  const { commit, folder, run } = await lay(options);
  expect(run.git('rev-parse', '--show-toplevel')).toBe(folder);
  expect(run.git('rev-parse', 'HEAD')).toBe(commit);
  expect(run.git('symbolic-ref', '--short', 'HEAD')).toBe('autoresearch/night');
  expect(run.git('log', '--format=%s')).toBe('idea');
  expect(run.git('status', '--porcelain')).toBe('');
  expect(run.git('diff', 'HEAD')).toBe('');
  run.write('lab one/train.py', 'LR = 0.3\r\n');
  expect(run.git('diff', '--numstat', 'HEAD')).toBe('1\t1\tlab one/train.py');
});

it('commits and stashes of a run stay in its tree, and the owner sees nothing of them', async () => {
  const { owner, run } = await lay();
  const before = [owner.git('for-each-ref'), owner.git('count-objects'), owner.git('status', '--porcelain')];
  run.write('lab one/log.txt', 'figures\n');
  run.git('add', '--all');
  run.git('stash');
  run.git('stash', 'pop', '--index');
  run.git('commit', '--quiet', '--message', 'of the run');
  run.git('tag', 'mark');
  expect(run.git('log', '--format=%s')).toBe('of the run\nidea');
  expect(run.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toContain('other/secret.txt');
  expect([owner.git('for-each-ref'), owner.git('count-objects'), owner.git('status', '--porcelain')]).toEqual(before);
});

it('what the run does not get cannot be read there', async () => {
  const { run } = await lay();
  expect(run.git('show', 'HEAD:lib/helper.py')).toBe('x = 1');
  expect(() => run.git('show', 'HEAD:other/secret.txt')).not.toThrow();
  expect(run.git('show', 'HEAD:other/secret.txt')).toBe('');
  expect(() => run.git('show', 'HEAD^')).toThrow();
});

it('what is laid beside the files of the commit is ignored, whatever its name', async () => {
  const names = ['data [1]', 'wei*rd', '#hash', '!bang', 'in/ side'];
  const { run } = await lay({ sandbox: '.', include: [], ignored: names });
  for (const name of names) run.write(name, '');
  expect(run.git('status', '--porcelain')).toBe('');
  run.write('weird', '');
  expect(run.git('status', '--porcelain')).toBe('?? weird');
});

it('runs share one store, which a later session uses again and another start replaces', async () => {
  const owner = temporaryRepo(files);
  const indexFolder = temporaryFolder();
  const layStart = async (): Promise<TemporaryRepo> => {
    const options = {
      root: owner.root,
      sandbox: 'lab one',
      edit: ['train.py'],
      include: [],
      tag: 'night',
      indexFolder,
    };
    const folder = temporaryFolder();
    await createGitWorkspace(options).materialise(owner.git('rev-parse', 'HEAD'), folder, { ignored: [] });
    return openRepo(folder);
  };
  const storeOf = (repo: TemporaryRepo) => readFileSync(join(repo.root, '.git/objects/info/alternates'), 'utf8').trim();
  const first = await layStart();
  const mark = join(storeOf(first), 'mark');
  writeFileSync(mark, '');
  owner.write('lab one/train.py', 'LR = 0.5\n');
  owner.commit();
  expect((await layStart()).git('status', '--porcelain')).toBe('');
  expect(existsSync(mark)).toBe(true);
  owner.write('lab one/data.txt', 'other text\n');
  owner.commit();
  expect((await layStart()).git('status', '--porcelain')).toBe('');
  expect(existsSync(mark)).toBe(false);
});
