/** A model that proposes on the shipped sandbox, whose trainings take a processor a second each, and a kill. */
import { expect, test } from 'vitest';
import { momentumIdea, runArguments, tinyProject, tinyRateIdea } from '../helpers/model-study.ts';
import { entriesOf, journalOf, nocturne, startNocturne } from '../helpers/nocturne.ts';
import { serve } from '../helpers/served-quick.ts';
import { until } from '../helpers/until.ts';

const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef' };

test('a study killed in the middle of a model call goes on with the same experiment', async () => {
  const server = await serve([...momentumIdea, { fault: 'stalled-headers' }, ...tinyRateIdea]);
  const repo = await tinyProject('researcher: llm', 'model: openai:gpt-6-sol', `base_url: ${server.openAIUrl}`);

  const killed = startNocturne(repo.root, runArguments('night', 2), keys);
  await until(() => server.requests.length === 3);
  killed.kill('SIGKILL');
  await killed.end;
  const before = journalOf(repo.root, 'night').length;
  const said = await nocturne(repo.root, runArguments('night', 2), keys);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('Study night goes on after 1 experiment.');
  const journal = journalOf(repo.root, 'night');
  // At the end the weights of the baseline's three runs and of the keep are graded on the holdout.
  const events = journal.slice(before).map(({ event }) => event);
  expect(events.filter((event) => event !== 'holdout-scored')).toEqual([
    'study-resumed',
    ...['model-called', 'model-called'],
    ...['proposal-made', 'candidate-committed', 'run-started', 'run-ended', 'verdict-given'],
    'gauge-read',
    'study-stopped',
  ]);
  expect(events.filter((event) => event === 'holdout-scored')).toHaveLength(4);
  expect(entriesOf(journal, 'verdict-given').map(({ verdict }) => verdict.decision)).toEqual([
    'keep',
    'keep',
    'revert',
  ]);
  expect(server.violations).toEqual([]);
  expect(await nocturne(repo.root, ['check', '--tag', 'night'])).toMatchObject({ exitCode: 0 });
});
