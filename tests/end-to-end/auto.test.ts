/** `researcher: auto` through the command line, with recorded replies for a model and without Optuna. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const ideas = `
- calls:
    - { name: edit, arguments: { file: train.py, edits: [{ find: 'LEARNING_RATE = 0.3', replace: 'LEARNING_RATE = 0.03' }] } }
    - name: submit
      arguments: { title: A tenth of the rate, hypothesis: It is far too high., expected_effect: Lower., kind: knobs }
- calls:
    - { name: edit, arguments: { file: train.py, edits: [{ find: 'loss = 1.0 +', replace: 'loss = 0.9 +' }] } }
    - name: submit
      arguments: { title: A better start, hypothesis: It starts too high., expected_effect: Lower., kind: code }
`;

/** A fast project whose brief mixes, with these further settings. */
function mixed(...settings: readonly string[]): TemporaryRepo {
  const repo = project('quick');
  repo.write('ideas.yaml', ideas);
  const lines = ['researcher: auto', ...settings].join('\n');
  repo.write('program.md', repo.read('program.md').replace('researcher: random', lines));
  repo.commit('a mix');
  return repo;
}

test('a model opens, and when it has nothing more to say the others go on', async () => {
  const repo = mixed();
  const model = `scripted:${join(repo.root, 'ideas.yaml')}`;

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--model', model, '--max-experiments', '5']);

  expect(said.exitCode, said.stderr).toBe(0);
  const made = entriesOf(journalOf(repo.root, 'night'), 'proposal-made');
  // Which of them is a draw whose odds hang on how long the runs took.
  const others = /^(recipe|random|grid)$/;
  expect(made.map(({ researcher, arm, proposal }) => [researcher, arm, proposal.kind])).toEqual([
    ['llm', 'llm-knobs', 'knobs'],
    ['llm', 'llm-code', 'code'],
    ...Array.from({ length: 3 }, () => [expect.stringMatching(others), expect.stringMatching(others), 'knobs']),
  ]);
  expect(made[0]?.why).toMatch(/^experiment 1 of the 6 that open a study/);
  expect(made[2]?.why).toMatch(/^llm-knobs passed over: .*holds no reply after its 2/);
  expect(said.stderr).toContain('     llm-knobs: experiment 1 of the 6 that open a study');
  expect(repo.git('log', '--format=%B', 'autoresearch/night')).toMatch(/A tenth of the rate[\s\S]*Researcher: llm/);

  const status = await nocturne(repo.root, ['status', '--tag', 'night']);
  expect(status.stdout).toMatch(/\nresearcher +tried +kept +gain +trained +gain\/h\n/);
  expect(status.stdout).toMatch(/\nllm-knobs +1 +1 +0\.\d+/);
  const log = await nocturne(repo.root, ['log', '--tag', 'night', '--why']);
  expect(log.stdout).toContain('      llm-knobs: experiment 1 of the 6 that open a study');
  const report = await nocturne(repo.root, ['report', '--tag', 'night']);
  expect(report.stdout).toContain('| researcher | tried | kept |');
});

test('a share of nothing leaves the model unasked', async () => {
  const repo = mixed('shares: { llm: 0 }');
  const model = `scripted:${join(repo.root, 'ideas.yaml')}`;
  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--model', model, '--max-experiments', '2']);
  expect(said.exitCode, said.stderr).toBe(0);
  const made = entriesOf(journalOf(repo.root, 'night'), 'proposal-made');
  expect(made.map(({ arm }) => arm)).toEqual(['recipe', 'recipe']);
  expect(entriesOf(journalOf(repo.root, 'night'), 'study-started')[0]?.session.shares).toEqual({ llm: 0 });
});

test.each([
  ['shares: { llm: 50% }', 'The brief gives a share to llm, and no researcher is named that could use it.'],
  ['shares: { lm: 50% }', '`shares` must be shares of llm, command'],
  ['shares: { random: 60%, grid: 60% }', '`shares` must be 100 % at most together, found `120 %`'],
])('%s is refused in one sentence', async (setting, sentence) => {
  const said = await nocturne(mixed(setting).root, ['run']);
  expect(said.exitCode).toBe(2);
  expect(said.stderr).toContain(sentence);
});
