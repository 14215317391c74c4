import { expect, test } from 'vitest';
import { createGate } from '../../helpers/gate.ts';
import { connect } from '../../helpers/mcp-client.ts';
import { entriesOf, journalOf, nocturne, startNocturne } from '../../helpers/nocturne.ts';
import { templateStudy } from '../../helpers/template-study.ts';
import { untilEnded } from '../../helpers/until.ts';

const study = templateStudy('--tag', 'night', '--max-experiments', '3');

test('a running study is told and stopped, and a wait that is over says so', async () => {
  const { root } = study();
  const gate = createGate();
  const running = startNocturne(root, ['run', '--tag', 'night', '--max-experiments', '9'], gate.variables);
  await gate.untilBegun(1);
  const { call } = await connect(root, ['--act']);
  const waited = (await call('wait', { experiment: 4, seconds: 0 })).data;
  expect(waited).toMatchObject({ judged: false, experiment: 4, inFlight: [{ experiment: 4 }] });
  expect((await call('note', { text: 'Narrower' })).data).toEqual({ tag: 'night', isRunning: true });
  expect((await call('pause')).data).toMatchObject({ tag: 'night', isRunning: true, pausedSince: expect.any(String) });
  expect((await call('pause')).texts[0]).toMatch(/^nocturne: .*paused.*\n/);
  expect((await call('resume')).data).toEqual({ tag: 'night', isRunning: true });
  expect((await call('confirm')).texts[0]).toMatch(/^nocturne: .*night.*\n/);
  expect((await call('stop', { now: true })).data).toMatchObject({ tag: 'night', now: true });
  expect((await running.end).exitCode).toBe(0);
  expect(entriesOf(journalOf(root, 'night'), 'note-read')).toMatchObject([{ text: 'Narrower' }]);
  const over = await call('wait', { experiment: 4, seconds: 0 });
  expect(over.texts[0]).toMatch(/Experiment 4 is not judged, and study night is not running\.\nGo on with it/);
});

test('a confirmation goes on by itself, and the status has its result', async () => {
  const { root } = study();
  const { call } = await connect(root, ['--act']);
  const { data } = await call('confirm', { runs: 2 });
  expect(data).toMatchObject({ isStarted: true, tag: 'night' });
  await untilEnded(data.pid);
  expect((await call('status')).data.confirmed).toMatchObject({ experiment: expect.any(Number) });
});

test('a confirmation that is detached says where it is, and one that cannot begin why', async () => {
  const { root } = study();
  const said = await nocturne(root, ['confirm', '--detach', '--runs', '2', '--json']);
  expect(said.exitCode, said.stderr).toBe(0);
  const { tag, pid } = JSON.parse(said.stdout);
  expect(tag).toBe('night');
  await untilEnded(pid);
  expect(entriesOf(journalOf(root, 'night'), 'gain-confirmed')).toHaveLength(1);
  const refused = await nocturne(root, ['confirm', '--detach', '--budget', '1s']);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('--budget must be longer');
});
