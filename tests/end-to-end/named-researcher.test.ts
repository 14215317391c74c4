/** A researcher that is named is the one that proposes, or the study does not start; only `auto` goes without one. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
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

/** What tells the version of an Optuna: the package's own record, beside a package that is never imported here. */
function installStub(repo: TemporaryRepo, version: string): void {
  const ask = ['-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])'];
  const site = execFileSync(join(repo.root, '.venv', 'bin', 'python'), ask, { encoding: 'utf8' }).trim();
  mkdirSync(join(site, 'optuna'));
  writeFileSync(join(site, 'optuna', '__init__.py'), '');
  mkdirSync(join(site, `optuna-${version}.dist-info`));
  writeFileSync(join(site, `optuna-${version}.dist-info`, 'METADATA'), `Name: optuna\nVersion: ${version}\n`);
}

test('an Optuna that is too old is not asked: run and doctor say the version found, the one needed and what to do', async () => {
  const repo = withoutOptuna('researcher: auto');
  installStub(repo, '4.4.0');
  const named = await nocturne(repo.root, [...run, '--researcher', 'bayes'], nowhere);
  expect(named.exitCode).toBe(2);
  expect(named.stderr).toContain('`bayes` is asked for and needs Optuna 4.6 or later, and found 4.4.0.');
  expect(named.stderr).toContain('-m pip install -U optuna');
  const doctor = await nocturne(repo.root, ['doctor', '--quick'], nowhere);
  expect(doctor.stderr + doctor.stdout).toContain('Optuna 4.4.0, older than 4.6');
  const mixed = await nocturne(repo.root, run, nowhere);
  expect(mixed.stderr).toContain('bayes takes no part: this Python has Optuna 4.4.0, older than 4.6');
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
