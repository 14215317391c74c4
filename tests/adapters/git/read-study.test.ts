import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStudyInRepository } from '../../../src/adapters/git/read-study.ts';
import { temporaryRepo } from '../../helpers/temporary-repo.ts';

test('a branch, a tip and an attempt that were written by hand are told as they are, the rest as it is', async () => {
  const repo = temporaryRepo({ 'train.py': 'RATE = 1\n' });
  const start = repo.git('rev-parse', 'HEAD');
  const tree = repo.git('rev-parse', 'HEAD^{tree}');
  const kept = repo.git('commit-tree', '-p', start, '-m', 'better', tree);
  for (const ref of ['refs/autoresearch/a/0001', 'refs/autoresearch/a/0002', 'refs/autoresearch/a/tip'])
    repo.git('update-ref', ref, kept);
  repo.git('update-ref', 'refs/heads/autoresearch/a', kept);
  const whole = { commit: kept, tree, parents: [start] };
  const found = await readStudyInRepository(repo.root, 'a', start);
  expect(found.attempts).toEqual(new Map([1, 2].map((number) => [number, whole])));
  expect(found).toMatchObject({ tip: kept, branch: { commit: kept }, accepted: [{ ...whole, message: 'better\n' }] });

  const nothing = `${'0'.repeat(39)}1`;
  for (const ref of ['refs/heads/autoresearch/a', 'refs/autoresearch/a/0002', 'refs/autoresearch/a/tip'])
    writeFileSync(join(repo.root, '.git', ref), `${nothing}\n`);
  const spoiled = await readStudyInRepository(repo.root, 'a', start);
  expect(spoiled).toMatchObject({ tip: nothing, branch: { commit: nothing }, accepted: [] });
  expect([...spoiled.attempts.values()].map(({ commit }) => commit)).toEqual([kept, nothing]);
});

test('of a study that has no refs yet there is nothing to tell', async () => {
  const repo = temporaryRepo({ 'train.py': 'RATE = 1\n' });
  const found = await readStudyInRepository(repo.root, 'a', repo.git('rev-parse', 'HEAD'));
  expect(found).toEqual({ attempts: new Map(), tip: undefined, branch: undefined, accepted: [] });
});
