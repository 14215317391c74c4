/** A researcher that is named is the one that proposes, or the study does not start; only `auto` goes without one. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

/** A project whose Python has no package at all, and whose owner has no folder for another environment. */
function withoutOptuna(setting: string): TemporaryRepo {
  const repo = project('quick');
  repo.write('program.md', repo.read('program.md').replace('researcher: random', setting));
  execFileSync('python3', ['-m', 'venv', '--without-pip', join(repo.root, '.venv')]);
  return repo;
}

const run = ['run', '--tag', 'night', '--max-experiments', '1'];
const nowhere = { XDG_CACHE_HOME: '/dev/null/cache' };

test.each([
  ['by the flag', 'researcher: random', ['--researcher', 'bayes'], 'bayes'],
  ['in the brief', 'researcher: bayes', [], 'bayes'],
  ['by a share', 'shares: { bayes: 30% }', [], 'bayes'],
  ['by the share of an arm', 'shares: { bayes-tpe: 30%, random: 10% }', [], 'bayes-tpe'],
])('bayes named %s is an error where Optuna cannot be installed', async (_, setting, flags, name) => {
  const repo = withoutOptuna(setting);
  const said = await nocturne(repo.root, [...run, ...flags], nowhere);
  expect(said.exitCode).toBe(2);
  expect(said.stderr).toContain(
    `nocturne: \`${name}\` is asked for and needs Optuna. No Python environment can be made`,
  );
  expect(existsSync(join(repo.root, 'runs'))).toBe(false);
});

test('auto goes without it, says so, and journals it in every session', async () => {
  const repo = withoutOptuna('researcher: auto');
  const first = await nocturne(repo.root, run, nowhere);
  expect(first.exitCode, first.stderr).toBe(0);
  expect(first.stderr).toContain('bayes takes no part: this Python has no Optuna');
  await nocturne(repo.root, [...run.slice(0, -1), '2'], nowhere);
  const journal = journalOf(repo.root, 'night');
  const absent = [{ researcher: 'bayes', reason: 'this Python has no Optuna' }];
  expect(entriesOf(journal, 'study-started')[0]?.absent).toEqual(absent);
  expect(entriesOf(journal, 'study-resumed')[0]?.absent).toEqual(absent);
  expect((await nocturne(repo.root, ['check'])).exitCode).toBe(0);
});
