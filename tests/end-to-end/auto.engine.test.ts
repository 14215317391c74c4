/** `researcher: auto` with Optuna: what a killed study asks whom is what the undisturbed one does. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { enginePython } from '../helpers/engine-python.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const experiments = 16;

/** A fast project; a run takes a sliver of its budget, so that no load of the machine shows in what it costs. */
function mixed(): TemporaryRepo {
  const repo = project('quick');
  const brief = repo.read('program.md').replace('researcher: random', 'researcher: auto');
  repo.write('program.md', brief.replace('budget: 1s\ntimeout: 20s', 'budget: 60s\ntimeout: 80s'));
  repo.commit('a mix');
  return repo;
}

const argumentsOf = (more: readonly string[] = []) => [
  ...['run', '--tag', 'night', '--python', enginePython(), '--max-experiments', String(experiments)],
  ...more,
];

/** Whom a study asked, why, and what was proposed. */
function choicesOf(repo: TemporaryRepo) {
  const made = entriesOf(journalOf(repo.root, 'night'), 'proposal-made');
  return made.map(({ researcher, arm, why, proposal }) => ({ researcher, arm, why, edits: proposal.edits }));
}

test('the recipe opens, the optimisers follow, and a study killed five times asks the same of the same', async () => {
  const undisturbed = mixed();
  const said = await nocturne(undisturbed.root, argumentsOf());
  expect(said.exitCode, said.stderr).toBe(0);
  const arms = choicesOf(undisturbed).map(({ arm }) => arm);
  expect(arms.slice(0, 6)).toEqual(Array(6).fill('recipe'));
  expect(arms.slice(6).filter((arm) => arm?.startsWith('bayes-')).length).toBeGreaterThan(3);

  const killed = mixed();
  for (const experiment of [2, 6, 8, 11, 13]) {
    const session = startNocturne(killed.root, argumentsOf(['--plain']));
    await session.until(`\n${String(experiment).padStart(4)} `);
    await delay(experiment * 30);
    session.kill('SIGKILL');
    await session.end;
  }
  const last = await nocturne(killed.root, argumentsOf());
  expect(last.exitCode, last.stderr).toBe(0);
  expect(choicesOf(killed)).toEqual(choicesOf(undisturbed));
});
