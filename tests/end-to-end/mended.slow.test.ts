/** A study that has measured nothing goes on with the brief and the files as they were mended, under its own tag. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inBrief, replaceInBrief } from '../helpers/bad-input.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const fails = "prepare: python -c \"open('made.txt', 'w'); exit(4)\"";
const works = "prepare: python -c \"open('made.txt', 'w')\"";
const run = ['run', '--max-experiments', '1'];

async function failsFirst(repo: TemporaryRepo, message: string): Promise<void> {
  const said = await nocturne(repo.root, [...run, '--tag', 'a']);
  expect(said).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(message) });
}

const mends: readonly (readonly [string, (repo: TemporaryRepo) => void, RegExp])[] = [
  ['the command', replaceInBrief(fails, works), /begins anew: `prepare` changed\./],
  ['the command, away', replaceInBrief(`${fails}\n`, ''), /begins anew: `prepare` changed\./],
  [
    'another setting with it',
    (repo) => {
      replaceInBrief(fails, works)(repo);
      replaceInBrief('budget: 1s', 'budget: 2s')(repo);
    },
    /begins anew: `prepare`, `budget` changed\./,
  ],
];

test.each(mends)('a `prepare` that failed is mended in the brief: %s', async (_, mend, why) => {
  const repo = project('quick');
  inBrief(fails)(repo);
  await failsFirst(repo, "The brief's `prepare` command failed.");
  mend(repo);
  const said = await nocturne(repo.root, run);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toMatch(why);
  expect(entriesOf(journalOf(repo.root, 'a'), 'verdict-given')).toHaveLength(2);
  expect(await nocturne(repo.root, ['check', '--tag', 'a'])).toMatchObject({ exitCode: 0 });
});

test('a baseline that failed is mended in the script: the same study begins anew from the new commit', async () => {
  const repo = project('quick');
  inBrief(works)(repo);
  repo.write('train.py', `raise SystemExit(3)\n${repo.read('train.py')}`);
  repo.commit('break');
  await failsFirst(repo, 'exit code 3');
  repo.git('checkout', '-q', 'HEAD~1', '--', 'train.py');
  const mended = repo.commit('mend');
  const said = await nocturne(repo.root, [...run, '--tag', 'a']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(entriesOf(journalOf(repo.root, 'a'), 'study-started').map(({ start }) => start)).toContain(mended);
  expect(repo.git('rev-parse', 'refs/autoresearch/a/0000')).toBe(mended);
  expect(existsSync(join(repo.root, 'runs/a/earlier/1/run-1/train.log'))).toBe(true);
});

test('a baseline that failed is mended by `train:`, and what was prepared stays', async () => {
  const repo = project('quick');
  inBrief(works)(repo);
  replaceInBrief('python -S train.py', 'python absent.py')(repo);
  await failsFirst(repo, 'absent.py');
  replaceInBrief('python absent.py', 'python -S train.py')(repo);
  const said = await nocturne(repo.root, [...run, '--tag', 'a', '--json']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stdout).not.toContain('"step":"prepare"');
});

test('a study that has measured something keeps what gives its numbers their meaning', async () => {
  const repo = project('quick');
  expect((await nocturne(repo.root, [...run, '--tag', 'a'])).exitCode).toBe(0);
  inBrief(works)(repo);
  const said = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '2']);
  expect(said).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('was started with another `prepare`') });
});
