/** Training code that changes what grades it gets no grade, and what it did is done to no other run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inBrief, replaceInBrief } from '../helpers/bad-input.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

/** Each behaviour, and what its run is said to have changed; of an honest one nothing. */
const changes: Readonly<Record<string, string | undefined>> = {
  edits_scorer: 'score/score.py',
  adds_beside_scorer: 'score/rules.pyc',
  shadows_a_library: 'score/locale.py',
  links_the_scorers_rules: 'score/rules.py',
  edits_the_scorers_data_layer: 'data/score/more.txt',
  poisons_bytecode_beside_the_scorer: 'score/__pycache__/rules.',
  poisons_bytecode_of_the_scorer: 'base/bytecode/',
  edits_data: 'data/train.txt',
  adds_private_data: 'private/validation.cache',
  swaps_validation_and_restores: 'private/validation.txt',
  swaps_validation_with_its_times: 'private/validation.txt',
  swaps_validation_while_it_is_scored: 'private/validation.txt',
  runs_other_rules: 'rules.py',
  finds_what_another_left: undefined,
  honest: undefined,
};

test('a run that changes what grades it is void and names it, and an honest one after it scores as before', async () => {
  const [repo, temporary] = [project('tampering'), temporaryFolder()];
  const modes = Object.keys(changes);
  replaceInBrief('choice fine', `choice fine, ${modes.join(', ')}`)(repo);
  // In a cage it reaches none of them: these are the looks that hold without one.
  inBrief('isolation: none')(repo);
  repo.commit();
  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--no-isolation'], { TMPDIR: temporary });
  expect(said.exitCode, said.stderr).toBe(0);

  const journal = journalOf(repo.root, 'night');
  const results = entriesOf(journal, 'run-ended').filter(({ experiment }) => experiment > 0);
  const found = entriesOf(journal, 'proposal-made').map(({ experiment, proposal }) => {
    const mode = modes.find((name) => proposal.title.endsWith(` ${name}`)) ?? proposal.title;
    const of = results.filter((entry) => entry.experiment === experiment);
    return [mode, of.map(({ result }) => [result.reason, result.measurement?.value])];
  });
  const expected = modes.map((mode) => {
    const changed = changes[mode];
    return [
      mode,
      [
        changed === undefined
          ? ['', 1]
          : [expect.stringMatching(`void: it (?:changed|ran another) ${changed}`), undefined],
      ],
    ];
  });
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  expect(entriesOf(journal, 'verdict-given').filter(({ verdict }) => verdict.decision === 'keep')).toHaveLength(1);
  // What the last run left of each kind is gone.
  const study = join(repo.root, 'runs', 'night');
  expect(readFileSync(join(study, 'private', 'validation.txt'), 'utf8')).toBe('1.0 2.0 3.0\n');
  expect(readdirSync(join(study, 'base', 'bytecode'), { recursive: true }).join()).not.toContain('0007');
  expect(readdirSync(temporary)).toEqual([]);
});

test('a run that plants what every Python loads is void, and the study stops before another one starts', async () => {
  const [repo, home] = [project('tampering'), temporaryFolder()];
  replaceInBrief('choice fine', 'choice fine, plants_startup_code, honest')(repo);
  repo.commit();
  const run = ['run', '--tag', 'night', '--no-isolation', '--max-experiments', '2'];
  const variables = { HOME: home, PYTHONUSERBASE: join(home, 'own') };
  const said = await nocturne(repo.root, run, variables);
  const results = () =>
    entriesOf(journalOf(repo.root, 'night'), 'run-ended').filter(({ experiment }) => experiment > 0);
  const reasons = () => results().map(({ result }) => result.reason);
  expect(reasons()).toEqual([expect.stringMatching(/^void: it changed .*usercustomize\.py$/)]);
  expect(said.exitCode).toBe(1);
  expect(said.stderr).toMatch(/usercustomize\.py changed while a run trained, and every Python loads it\./);
  expect((await nocturne(repo.root, run, variables)).exitCode).toBe(0);
  expect(reasons()).toEqual([expect.any(String), '']);
});
