import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filledSubmodules, findMissingPaths } from '../../../src/adapters/git/missing-paths.ts';
import { type TemporaryRepo, temporaryRepo } from '../../helpers/temporary-repo.ts';

const files = {
  '.gitignore': 'data/*\n!data/.gitkeep\nruns/\n*.ckpt\n',
  'common/lib.py': 'x = 1\n',
  'models/a/train.py': 'LR = 1\n',
  'models/a/data/.gitkeep': '',
  'models/a/weights.pt': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
};
const request = (repo: TemporaryRepo) => ({ root: repo.root, sandbox: 'models/a', include: [] });

it('what a run lacks is named from the sandbox', async () => {
  const repo = temporaryRepo(files);
  for (const path of [
    'models/a/data/train.bin',
    'models/a/last.ckpt',
    'models/a/runs/x',
    'models/a/venv/y',
    'models/a/program.md',
    'new.py',
  ]) {
    repo.write(path, '');
  }
  symlinkSync('../../common', join(repo.root, 'models/a/shared'));
  symlinkSync('train.py', join(repo.root, 'models/a/main.py'));
  repo.git('add', 'models/a/shared', 'models/a/main.py');
  const missing = await findMissingPaths({ ...request(repo), link: ['last.ckpt'] });
  expect(missing).toEqual({
    untracked: ['data/train.bin', '../../new.py'],
    outside: ['../../.gitignore', '../../common/lib.py', '../../common/'],
    leading: ['shared/'],
    emptySubmodules: [],
    pointers: ['models/a/weights.pt'],
  });
});

it('a submodule is shown to runs where it has files, and named where it has none', async () => {
  const part = temporaryRepo({ 'part.py': 'y = 1\n' });
  const repo = temporaryRepo(files);
  repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', part.root, 'models/a/full');
  repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', part.root, 'models/a/empty');
  repo.commit('submodules');
  repo.git('submodule', '--quiet', 'deinit', '--force', 'models/a/empty');
  mkdirSync(join(repo.root, 'models/a/empty'), { recursive: true });
  expect(await filledSubmodules(request(repo))).toEqual(['full']);
  const missing = await findMissingPaths({ ...request(repo), link: ['full'] });
  expect(missing.emptySubmodules).toEqual(['models/a/empty']);
});
