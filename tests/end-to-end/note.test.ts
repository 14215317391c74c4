import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { idea, quickProject, serve } from '../helpers/served-quick.ts';

const run = ['run', '--tag', 'night', '--max-experiments'];

test('notes left while nobody runs the study wait, and stand first in what the model reads', async () => {
  const server = await serve((_, index) => idea(index));
  const repo = quickProject(server);
  const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef' };
  await nocturne(repo.root, [...run, '1'], keys);

  const first = await nocturne(repo.root, ['note', 'Try', 'a smaller', 'rate']);
  const second = await nocturne(repo.root, ['note', '--tag', 'night', '--json', 'And more width']);
  expect(first).toMatchObject({
    exitCode: 0,
    stderr: 'Left a note for study night; it is read when the study goes on.',
  });
  expect(JSON.parse(second.stdout)).toEqual({ tag: 'night', isRunning: false });
  const said = await nocturne(repo.root, [...run, '2'], keys);

  expect(said.exitCode, said.stderr).toBe(0);
  const texts = entriesOf(journalOf(repo.root, 'night'), 'note-read').map(({ text }) => text);
  expect(texts).toEqual(['Try a smaller rate', 'And more width']);
  const [, user] = server.requests.at(-1)?.body.messages ?? [];
  expect(user.content).toMatch(/^# Notes from the owner\n\n- Try a smaller rate\n- And more width\n/);
  expect(readdirSync(join(repo.root, 'runs/night/inbox'))).toEqual([]);
});

test('a note left during a run is read at once, whoever proposes', async () => {
  const repo = project('quick');
  const gate = createGate();
  const running = startNocturne(repo.root, [...run, '1', '--plain'], gate.variables);
  await gate.untilBegun(1);
  const left = await nocturne(repo.root, ['note', 'Good night']);
  await running.until('note: Good night');
  gate.open();
  const { exitCode, stderr } = await running.end;

  expect(left.stderr).toBe(
    'Left a note for study night; it is read at once.\nIts researcher, random, cannot read; the note is kept in the journal.',
  );
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('note: Good night');
  expect(entriesOf(journalOf(repo.root, 'night'), 'note-read').map(({ text }) => text)).toEqual(['Good night']);
  expect(await nocturne(repo.root, ['check'])).toMatchObject({ exitCode: 0 });
});

test.each([
  [
    'to a study that there is not',
    ['note', '--tag', 'other', 'Hello'],
    /^nocturne: There is no study other in \S.*runs; there are none yet\.\n/,
  ],
  ['without a word', ['note', ' '], /^nocturne: The note is empty\.\n/],
  ['without an argument', ['note'], /^nocturne: .*text/],
  [
    'that is too long',
    ['note', 'x'.repeat(4001)],
    /^nocturne: A note may have at most 4000 characters, found 4001\.\n/,
  ],
])('a note %s is refused in one sentence', async (_, args, says) => {
  const repo = project('quick');
  const said = await nocturne(repo.root, args);
  expect(said).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(says) });
  expect(repo.git('status', '--porcelain', '--ignored')).toBe('');
});
