/**
 * `kill -9` of the program, of the Optuna process and of both, in the middle of thirty trials: the study proposes what the
 * undisturbed one does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldHistory } from '../../src/core/journal/fold.ts';
import { valuesOf } from '../../src/core/journal/history.ts';
import { enginePython } from '../helpers/engine-python.ts';
import { journalOf, nocturne, processesOf, project, type Running, startNocturne } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const trials = 30;

const argsOf = (isNew: boolean) => [
  ...['run', '--tag', 'night', '--researcher', 'bayes', '--policy', 'greedy', '--max-experiments', String(trials)],
  ...['--python', enginePython(), '--json', ...(isNew ? ['--seed', 'bayes'] : [])],
];

const variablesOf = ({ root }: TemporaryRepo) => ({ NOCTURNE_WITNESS: join(root, '.git', 'witness') });

async function finish(repo: TemporaryRepo, isNew: boolean): Promise<void> {
  const { exitCode, stderr } = await nocturne(repo.root, argsOf(isNew), variablesOf(repo), 900_000);
  expect(exitCode, stderr).toBe(0);
}

/** The Optuna process of a program. */
function optunaOf({ pid }: Running): number {
  const found = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    const [command, stat] = [read(`/proc/${name}/cmdline`), read(`/proc/${name}/stat`)];
    return command.includes('ask_optuna.py') && stat.split(') ')[1]?.split(' ')[1] === String(pid);
  });
  return Number(found);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function nightOf({ root }: TemporaryRepo) {
  return foldHistory(journalOf(root, 'night'))?.experiments.map((record) => [record.proposal, valuesOf(record)]);
}

/** A session up to the run of this experiment. */
async function until(repo: TemporaryRepo, isNew: boolean, experiment: number): Promise<Running> {
  const session = startNocturne(repo.root, argsOf(isNew), variablesOf(repo), 900_000);
  await session.until(`"event":"run-started","experiment":${experiment},`);
  return session;
}

test('killed in the middle of thirty trials, a study proposes what the undisturbed one does', async () => {
  const undisturbed = project('durable');
  await finish(undisturbed, true);
  const disturbed = project('durable');

  const first = await until(disturbed, true, 8);
  first.kill('SIGKILL');
  await first.end;

  const second = await until(disturbed, false, 13);
  process.kill(optunaOf(second), 'SIGKILL');
  await second.until('"event":"run-started","experiment":18,');
  process.kill(optunaOf(second), 'SIGKILL');
  second.kill('SIGKILL');
  await second.end;

  await finish(disturbed, false);
  expect(nightOf(disturbed)).toEqual(nightOf(undisturbed));
  expect(nightOf(disturbed)).toHaveLength(trials + 1);
  expect(processesOf(disturbed.root)).toEqual([]);
}, 1_800_000);
