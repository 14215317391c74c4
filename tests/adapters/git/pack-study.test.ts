import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../../src/adapters/git/git.ts';
import { packStudy } from '../../../src/adapters/git/pack-study.ts';
import { createGitWorkspace } from '../../../src/adapters/git/workspace.ts';
import { temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

/** A study with so many attempts, and loose objects of the owner's beside it. */
async function studyWith(attempts: number) {
  const repo = temporaryRepo({ 'lab/train.py': 'LR = 0\n', 'lab/other.py': 'x\n' });
  const start = repo.git('rev-parse', 'HEAD');
  const options = { root: repo.root, sandbox: 'lab', edit: ['train.py'], include: [], tag: 'night' };
  const workspace = createGitWorkspace({ ...options, indexFolder: temporaryFolder() });
  await workspace.adoptStart(start);
  for (let experiment = 1; experiment <= attempts; experiment++) {
    const request = { experiment, parent: start, message: `LR ${experiment}`, date: '2026-11-29T00:00:00.000Z' };
    await workspace.commitCandidate({ ...request, files: { 'train.py': `LR = ${experiment}\n` } });
  }
  repo.write('mine.txt', 'of the owner');
  repo.commit('mine');
  const git = openGit(repo.root);
  const folder = join(temporaryFolder(), 'packing');
  const pack = () => packStudy(git, { tag: 'night', objects: join(repo.root, '.git/objects'), folder });
  const packs = () => readdirSync(join(repo.root, '.git/objects/pack'));
  return { repo, pack, packs, folder };
}

const looseOf = (counts: string) => Number(/^(\d+) objects/.exec(counts)?.[1]);

test('the objects of a study become one pack, and the owner keeps theirs as they are', async () => {
  const { repo, pack, packs } = await studyWith(40);
  const refs = repo.git('for-each-ref');
  const before = looseOf(repo.git('count-objects'));
  // A blob, two trees and a commit for each attempt.
  expect(await pack()).toBe(160);
  expect(looseOf(repo.git('count-objects'))).toBe(before - 160);
  expect(packs().filter((name) => name.endsWith('.pack'))).toHaveLength(1);
  expect(repo.git('for-each-ref')).toBe(refs);
  expect(repo.git('fsck', '--full', '--strict')).toBe('');
  expect(repo.git('show', 'refs/autoresearch/night/0017:lab/train.py')).toBe('LR = 17');
  expect(await pack()).toBe(0);
});

test('few objects stay as they are', async () => {
  const { repo, pack, packs } = await studyWith(10);
  const before = repo.git('count-objects');
  expect(await pack()).toBe(0);
  expect(repo.git('count-objects')).toBe(before);
  expect(packs()).toEqual([]);
});

test('a packing that a kill cut short is finished or begun anew, and nothing is missing', async () => {
  const { repo, pack, packs, folder } = await studyWith(40);
  mkdirSync(join(folder, 'pack'), { recursive: true });
  // Git's own unfinished file, in the study's folder.
  writeFileSync(join(folder, 'pack', 'tmp_pack_a1B2c3'), 'half');
  expect(await pack()).toBe(160);
  expect(existsSync(folder)).toBe(false);
  // Killed between the pack and its index: the index is still in the study's folder.
  const [index = ''] = packs().filter((name) => name.endsWith('.idx'));
  mkdirSync(join(folder, 'pack'), { recursive: true });
  renameSync(join(repo.root, '.git/objects/pack', index), join(folder, 'pack', index));
  await pack();
  expect(packs()).toContain(index);
  expect(repo.git('fsck', '--full', '--strict')).toBe('');
});
