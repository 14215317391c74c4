import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scaffold } from '../../src/adapters/scaffold.ts';
import { openRepo, temporaryRepo } from '../helpers/temporary-repo.ts';

test('a project within a repository is left to its owner to commit, but for one that is to stand apart', async () => {
  const repo = temporaryRepo({ 'runs/.gitignore': '*.tmp\n' });
  const within = join(repo.root, 'within');
  expect((await scaffold(within, 'tiny')).isCommitted).toBe(false);
  expect(existsSync(join(within, '.git'))).toBe(false);
  const apart = join(repo.root, 'runs/demo');
  expect((await scaffold(apart, 'tiny', { isApart: true })).isCommitted).toBe(true);
  expect(openRepo(apart).git('log', '--format=%s')).toBe('Start the project');
});

test('a project leaves runs/ to its owner', async () => {
  const repo = temporaryRepo({ 'a.txt': '' });
  expect((await scaffold(repo.root, 'tiny')).files).not.toContain('runs/.gitignore');
});
