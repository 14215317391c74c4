import { expect, test } from 'vitest';
import type { FaultName } from '../helpers/model-server/give-fault.ts';
import type { Script } from '../helpers/model-server/model-server.ts';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { idea, quickProject, serve } from '../helpers/served-quick.ts';

const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef' };
const run = ['run', '--tag', 'night', '--max-experiments', '1'];

const serveWith = (smallCalls: Script) => serve((_, index) => idea(index), { smallCalls });
const failing = (fault: FaultName) => serveWith([{ fault }]);

test.each<readonly [FaultName, string, string]>([
  ['unauthorized', 'Incorrect API key provided', 'Set OPENAI_API_KEY, or OPENAI_API_KEY_FILE'],
  ['html', '', 'Check `base_url:`'],
])('a study whose model answers %s says so before the baseline', async (fault, words, remedy) => {
  const repo = quickProject(await failing(fault));

  const said = await nocturne(repo.root, run, keys);

  expect(said.exitCode, said.stderr).toBe(2);
  expect(said.stderr).toContain('openai:gpt-6-sol cannot be asked: ');
  for (const text of [words, remedy]) expect(said.stderr).toContain(text);
  expect((await nocturne(repo.root, ['status', '--tag', 'night'])).exitCode).toBe(2);

  const doctor = await nocturne(repo.root, ['doctor', '--quick', '--model'], keys);
  expect(doctor.exitCode, doctor.stdout).toBe(2);
  expect(doctor.stdout).toContain(remedy);
});

test('a resumed study says so too, and its journal stays as it was', async () => {
  let fault: FaultName | undefined;
  const server = await serveWith(() => (fault ? { fault } : { reply: { text: 'ok' } }));
  const repo = quickProject(server);
  expect(await nocturne(repo.root, run, keys)).toMatchObject({ exitCode: 0 });
  const before = journalOf(repo.root, 'night');
  expect(entriesOf(before, 'model-called').map(({ purpose }) => purpose)).toEqual(['first', 'proposal']);

  fault = 'unauthorized';
  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '2'], keys);
  expect(said.exitCode, said.stderr).toBe(2);
  expect(journalOf(repo.root, 'night')).toEqual(before);
});

test('with a fallback the study starts, with a warning, and the model is not asked in front of a run', async () => {
  const server = await failing('unauthorized');
  const repo = quickProject(server, 'fallback: random');

  const said = await nocturne(repo.root, run, keys);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('openai:gpt-6-sol cannot be asked: ');
  expect(said.stderr).toContain('Set OPENAI_API_KEY');
  expect(server.requests).toEqual([]);
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-made').map(({ researcher }) => researcher)).toEqual([
    'random',
  ]);
});

test('an overloaded provider at the first call is said, and the study starts', async () => {
  const repo = quickProject(await failing('overloaded'));

  const said = await nocturne(repo.root, run, keys);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('openai:gpt-6-sol does not answer yet: ');
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-made')).toHaveLength(1);
});

test('the same 400 in three ideas ends the study with what to set; another idea may pass', async () => {
  let isMended = false;
  const server = await serve((_, index) => (isMended || index === 1 ? idea(index) : { fault: 'bad-request' }));
  const repo = quickProject(server);

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '3'], keys);
  expect(said.exitCode, said.stderr).toBe(1);
  const journal = journalOf(repo.root, 'night');
  expect(journal.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'paused' });
  expect(entriesOf(journal, 'proposal-made')).toHaveLength(1);
  expect(entriesOf(journal, 'proposal-refused').map(({ experiment }) => experiment)).toEqual([1, 2, 2]);
  expect(said.stderr).toContain('openai:gpt-6-sol refuses what it is asked: The provider answered 400');
  expect(said.stderr).toContain('name another model in `model:`');
  expect(server.requests).toHaveLength(5);

  isMended = true;
  const resumed = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '2'], keys);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
});
