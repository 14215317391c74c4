import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';

const run = ['run', '--tag', 'night', '--plain', '--max-experiments'];

test('a running study is paused, survives its controller paused, goes on when resumed, and is extended when it ended', async () => {
  const { root } = project('quick');
  const gate = createGate();
  const running = startNocturne(root, [...run, '1'], gate.variables);
  await gate.untilBegun(1);
  const paused = await nocturne(root, ['pause']);
  expect(paused).toMatchObject({
    exitCode: 0,
    stderr: 'Study night is paused. 1 run in flight will still end. `nocturne resume --tag night` goes on.',
  });
  expect((await nocturne(root, ['status'])).stdout).toMatch(
    /^night: paused\n[\s\S]*^paused {4}by the owner since \d\d:\d\d; `nocturne resume --tag night` goes on$/m,
  );
  expect(await nocturne(root, ['pause'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^nocturne: Study night is paused already, since /),
  });
  gate.open();
  await nocturne(root, ['stop', '--now']);
  expect((await running.end).exitCode).toBe(0);

  const second = startNocturne(root, [...run, '1']);
  await second.until('Study night is paused since');
  const begun = entriesOf(journalOf(root, 'night'), 'run-started').length;
  expect(begun).toBe(1);
  expect(await nocturne(root, ['resume'])).toMatchObject({ exitCode: 0, stderr: 'Study night goes on.' });
  const { exitCode, stderr } = await second.end;
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toMatch(/resumed: the study goes on/);

  const extended = await nocturne(root, ['extend', '--experiments', '1']);
  expect(extended.stderr).toMatch(
    /^Study night may use 2 experiments, where it was 1 experiment\.\nIt is not running: `nocturne run --tag night --max-experiments 2` goes on with it\.$/,
  );
  // The limit was a flag's, so that the command which is named has the new one.
  const third = await nocturne(root, ['run', '--plain', '--tag', 'night', '--max-experiments', '2']);
  expect(third.exitCode, third.stderr).toBe(0);
  expect(entriesOf(journalOf(root, 'night'), 'proposal-made')).toHaveLength(2);
  expect(await nocturne(root, ['check'])).toMatchObject({ exitCode: 0 });
  expect((await nocturne(root, ['report'])).stdout).toMatch(/the owner paused the study for/);

  for (const [args, says] of [
    [['pause'], /^nocturne: Study night has stopped \(experiments\), so there is nothing to pause\.\n/],
    [['extend'], /^nocturne: `nocturne extend` needs to know what there is to be more of\.\n/],
  ] as const) {
    expect(await nocturne(root, [...args])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(says) });
  }
});
