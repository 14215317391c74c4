/** `researcher: auto` with Optuna: what a killed study asks whom is what the undisturbed one does. */
import { expect, test } from 'vitest';
import { enginePython } from '../helpers/engine-python.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const experiments = 16;

/** A fast project; a run takes a sliver of its budget, so that no load of the machine shows in what it costs. */
function mixed(): TemporaryRepo {
  const repo = project('quick');
  const brief = repo.read('program.md').replace('researcher: random', 'researcher: auto');
  repo.write('program.md', brief.replace('budget: 1s\ntimeout: 5m', 'budget: 60s\ntimeout: 80s'));
  repo.commit('a mix');
  return repo;
}

const argumentsOf = (max: number, more: readonly string[] = []) => [
  ...['run', '--tag', 'night', '--python', enginePython(), '--max-experiments', String(max)],
  ...more,
];

/** The moments at which the controller is killed: of the recipe's and of the optimisers' experiments, at each stage. */
const kills = [
  [2, 'proposal-made'],
  [6, 'run-started'],
  [8, 'verdict-given'],
  [11, 'run-ended'],
  [13, 'proposal-made'],
] as const;

/** Whom a study asked, why, and what was proposed. */
function choicesOf(repo: TemporaryRepo) {
  const made = entriesOf(journalOf(repo.root, 'night'), 'proposal-made');
  return made.map(({ researcher, arm, why, proposal }) => ({ researcher, arm, why, edits: proposal.edits }));
}

test('the recipe opens, the optimisers follow, and a study killed five times asks the same of the same', {
  timeout: 900_000,
}, async () => {
  const undisturbed = mixed();
  const said = await nocturne(undisturbed.root, argumentsOf(experiments));
  expect(said.exitCode, said.stderr).toBe(0);
  const arms = choicesOf(undisturbed).map(({ arm }) => arm);
  expect(arms.slice(0, 2)).toEqual(['recipe', 'recipe']);
  // Two changes brought nothing: they take turns.
  expect(new Set(arms.slice(0, 6))).toEqual(new Set(['recipe', 'bayes-gp']));
  expect(arms.slice(6).filter((arm) => arm?.startsWith('bayes-')).length).toBeGreaterThan(3);

  const killed = mixed();
  // A session never does more than the experiment at which it is killed: on a fast machine too, the next one gets there.
  for (const [experiment, event] of kills) {
    const session = startNocturne(killed.root, argumentsOf(experiment, ['--json']));
    await session.until(`"event":"${event}","experiment":${experiment},`);
    session.kill('SIGKILL');
    await session.end;
  }
  const last = await nocturne(killed.root, argumentsOf(experiments));
  expect(last.exitCode, last.stderr).toBe(0);
  expect(choicesOf(killed)).toEqual(choicesOf(undisturbed));
});
