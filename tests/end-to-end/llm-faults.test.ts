import { expect, test } from 'vitest';
import { editLine, handIn, turn } from '../helpers/model-study.ts';
import { callsOf, entriesOf, journalOf, nocturne, startNocturne } from '../helpers/nocturne.ts';
import { idea, quickProject, serve } from '../helpers/served-quick.ts';
import { until } from '../helpers/until.ts';

const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef' };
const run = ['run', '--tag', 'night', '--max-experiments'];

test('while the model is away its fallback keeps the GPU working, and the model proposes again when it is back', async () => {
  const server = await serve([{ fault: 'quota' }, idea(1)]);
  const repo = quickProject(server, 'fallback: random');

  const away = await nocturne(repo.root, [...run, '3'], keys);
  expect(away.exitCode, away.stderr).toBe(0);
  expect(away.stderr).toContain('openai:gpt-6-sol is away');
  const before = journalOf(repo.root, 'night');
  expect(entriesOf(before, 'proposal-made').map(({ researcher }) => researcher)).toEqual([
    'random',
    'random',
    'random',
  ]);
  expect(entriesOf(before, 'model-away')).toEqual([
    expect.objectContaining({ code: 'quota-exhausted', experiment: 1 }),
  ]);
  expect(server.requests).toHaveLength(1);

  const back = await nocturne(repo.root, [...run, '4'], keys);
  expect(back.exitCode, back.stderr).toBe(0);
  const after = journalOf(repo.root, 'night');
  expect(entriesOf(after, 'proposal-made').at(-1)).toMatchObject({ experiment: 4, researcher: 'llm' });
  expect(entriesOf(after, 'model-away')).toHaveLength(1);
  expect(server.requests).toHaveLength(2);
});

test('without a fallback the study waits for its model, and ends when it is asked to', async () => {
  const server = await serve([{ fault: 'unauthorized' }]);
  const repo = quickProject(server);

  const waiting = startNocturne(repo.root, [...run, '3'], keys);
  await waiting.until('openai:gpt-6-sol is away');
  const asked = await nocturne(repo.root, ['stop', '--now', '--tag', 'night']);
  const { exitCode, stderr } = await waiting.end;

  expect(asked.exitCode, asked.stderr).toBe(0);
  expect(exitCode, stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  expect(journal.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'stopped' });
  expect(entriesOf(journal, 'model-away')).toHaveLength(1);
  expect(server.requests).toHaveLength(1);
});

test('a call in flight ends with the study', async () => {
  const server = await serve([{ fault: 'stalled-headers' }]);
  const repo = quickProject(server);

  const waiting = startNocturne(repo.root, [...run, '3'], keys);
  await until(() => server.requests.length === 1);
  await nocturne(repo.root, ['stop', '--now', '--tag', 'night']);
  const { exitCode, stderr } = await waiting.end;

  expect(exitCode, stderr).toBe(0);
  expect(journalOf(repo.root, 'night').at(-1)).toMatchObject({ event: 'study-stopped', reason: 'stopped' });
});

test('ten ideas in a row that come to nothing pause the study, and the next session tries again', async () => {
  let isUseful = false;
  const server = await serve((_, index) =>
    isUseful ? idea(index) : { reply: { text: 'Here is some advice instead.' } },
  );
  const repo = quickProject(server);

  const paused = await nocturne(repo.root, [...run, '1', '--json'], keys);
  expect(paused.exitCode, paused.stderr).toBe(1);
  expect(JSON.parse(paused.stdout.split('\n').at(-1) ?? '')).toMatchObject({
    event: 'study-stopped',
    reason: 'paused',
  });
  const refused = entriesOf(journalOf(repo.root, 'night'), 'proposal-refused');
  expect(refused.map(({ reason }) => reason)).toEqual(
    Array(10).fill(expect.stringMatching(/^given up after 2 repairs: it called no tool, as .*No tools/)),
  );
  expect(server.requests).toHaveLength(30);
  const shown = await nocturne(repo.root, ['show', '1', '--tag', 'night']);
  expect(shown.stderr).toContain('its last idea came to nothing, without a title: given up after 2 repairs: it called');

  isUseful = true;
  const resumed = await nocturne(repo.root, [...run, '1', '--json'], keys);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(JSON.parse(resumed.stdout.split('\n').at(-1) ?? '')).toMatchObject({ reason: 'experiments' });
  expect(server.requests).toHaveLength(31);
});

test('nothing of a reply that was cut off is trained', async () => {
  const edits = [{ find: 'WIDTH = 4', replace: 'WIDTH = 999' }];
  const cut = turn({ name: 'edit', arguments: { edits } }, handIn('Cut off'));
  const server = await serve([{ reply: { ...('reply' in cut ? cut.reply : {}), ending: 'truncated' } }, idea(1)]);
  const repo = quickProject(server);

  const said = await nocturne(repo.root, [...run, '1'], keys);

  expect(said.exitCode, said.stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  expect(callsOf(journal).map(({ outcome }) => outcome)).toEqual(['truncated', 'answer']);
  expect(entriesOf(journal, 'proposal-made').map(({ proposal }) => proposal.title)).toEqual(['Idea 1']);
  expect(repo.git('show', 'refs/autoresearch/night/0001:train.py')).not.toContain('WIDTH = 999');
  expect(server.violations).toEqual([]);
});

test('an idea is given up for its first failing edit, and show says so', async () => {
  const wrong = editLine('NO_SUCH_LINE = 1', 'NO_SUCH_LINE = 2');
  const poor = [turn(wrong, handIn('A poor idea')), turn(handIn('A poor idea')), turn(handIn('A poor idea'))];
  const server = await serve([...poor, idea(1)]);
  const repo = quickProject(server);

  const said = await nocturne(repo.root, [...run, '1'], keys);
  expect(said.exitCode, said.stderr).toBe(0);
  const [refused] = entriesOf(journalOf(repo.root, 'night'), 'proposal-refused');
  expect(refused).toMatchObject({
    title: 'A poor idea',
    reason: expect.stringMatching(/^given up after 2 repairs: (The text to replace|Nothing like the text)/),
  });
  expect(JSON.stringify(journalOf(repo.root, 'night'))).not.toContain('Nothing has been edited yet');

  const shown = await nocturne(repo.root, ['show', '1', '--tag', 'night']);
  expect(shown.stdout).toContain(`given up    A poor idea: ${refused?.reason}`);
});
