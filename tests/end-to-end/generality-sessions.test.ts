import { expect, test } from 'vitest';
import { createGate, type Gate } from '../helpers/gate.ts';
import {
  entriesOf,
  journalOf,
  nocturne,
  processesOf,
  project,
  type Running,
  startNocturne,
} from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const run = ['run', '--tag', 'night', '--max-experiments', '1'];
const baselineRuns = 3;

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the run, finishes the bookkeeping and exits 130',
  async (signal) => {
    const repo = project('quick');
    const { running } = await startedRun(repo);
    expect(processesOf(`${repo.root}/runs`).length).toBeGreaterThan(0);

    running.kill(signal);
    const { exitCode, stdout } = await running.end;

    expect(exitCode).toBe(130);
    expect(processesOf(`${repo.root}/runs`)).toEqual([]);
    const journal = journalOf(repo.root, 'night');
    expect(entriesOf(journal, 'run-ended').map(({ result }) => result.outcome)).toEqual(['cancelled']);
    expect(journal.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'stopped' });
    expect(JSON.parse(stdout.split('\n').at(-1) ?? '')).toMatchObject({ event: 'study-stopped', reason: 'stopped' });
    await expectToGoOn(repo);
  },
);

test('a second Ctrl-C ends the program at once, and the run with it', async () => {
  const repo = project('quick');
  const { running } = await startedRun(repo);

  running.kill('SIGINT');
  await running.until('Ctrl-C again stops at once.');
  running.kill('SIGINT');
  const { exitCode, signal } = await running.end;

  // Node takes its listeners away in its last milliseconds; a signal that ends it then is 130 to a shell just the same.
  expect(signal === 'SIGINT' ? 130 : exitCode).toBe(130);
  expect(processesOf(`${repo.root}/runs`)).toEqual([]);
  await expectToGoOn(repo);
});

test('a killed controller leaves its run to the next start, which adopts it', async () => {
  const repo = project('quick');
  const { running, gate } = await startedRun(repo);

  running.kill('SIGKILL');
  await running.end;
  const left = processesOf(`${repo.root}/runs`);
  expect(left.length).toBeGreaterThan(0);
  const next = startNocturne(repo.root, [...run, '--json'], gate.variables);
  await next.until('"event":"run-progressed"');
  expect(processesOf(`${repo.root}/runs`)).toEqual(left);
  gate.open();

  expect((await next.end).exitCode).toBe(0);
  await expectFinished(repo);
  const [first] = entriesOf(journalOf(repo.root, 'night'), 'run-ended');
  expect(first?.result.outcome).toBe('finished');
});

test('`stop` ends a study after the experiment in hand', async () => {
  const repo = project('quick');
  const gate = createGate(baselineRuns);
  const running = startNocturne(repo.root, ['run', '--tag', 'night', '--json'], gate.variables);
  await gate.untilBegun(baselineRuns + 1);

  const said = await nocturne(repo.root, ['stop']);
  gate.open();
  const { exitCode } = await running.end;

  expect(said).toMatchObject({ exitCode: 0, stdout: '' });
  expect(said.stderr).toBe(`Asked process ${running.pid} to end study night after this experiment.`);
  expect(exitCode).toBe(0);
  const journal = journalOf(repo.root, 'night');
  expect(journal.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'stopped' });
  expect(entriesOf(journal, 'run-ended').every(({ result }) => result.measurement)).toBe(true);
  await expectToGoOn(repo, 2);
});

test('`stop --now` ends the run in flight too', async () => {
  const repo = project('quick');
  const { running } = await startedRun(repo);

  const said = await nocturne(repo.root, ['stop', '--now', '--json']);
  const { exitCode } = await running.end;

  expect(said).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(said.stdout)).toEqual({ tag: 'night', pid: running.pid, now: true });
  expect(exitCode).toBe(0);
  expect(entriesOf(journalOf(repo.root, 'night'), 'run-ended')[0]?.result.outcome).toBe('cancelled');
  await expectToGoOn(repo);
});

test('a second controller of a study is refused by the name of the first, which goes on', async () => {
  const repo = project('quick');
  const { running } = await startedRun(repo);

  const second = await nocturne(repo.root, run);
  const status = await nocturne(repo.root, ['status', '--json']);
  const other = await nocturne(repo.root, ['run', '--tag', 'other', '--max-experiments', '1']);

  expect(second).toMatchObject({ exitCode: 2, stdout: '' });
  expect(second.stderr).toMatch(
    new RegExp(`^nocturne: Study night is being worked on by process ${running.pid} on \\S+, since \\S+Z\\.\\n`),
  );
  expect(JSON.parse(status.stdout)).toMatchObject({ tag: 'night', state: 'running', best: null });
  expect(other.exitCode, other.stderr).toBe(0);
  running.kill('SIGINT');
  expect((await running.end).exitCode).toBe(130);
});

test('a start without a tag goes on with the study that is not finished', async () => {
  const repo = project('quick');
  const { running } = await startedRun(repo);
  running.kill('SIGINT');
  await running.end;

  const said = await nocturne(repo.root, ['run', '--max-experiments', '2']);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('Study night goes on after 0 experiments.');
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-made')).toHaveLength(2);
});

test('a study that was interrupted proposes what the undisturbed one does', async () => {
  const repo = project('quick');
  const whole = await nocturne(repo.root, ['run', '--tag', 'whole', '--seed', 's', '--max-experiments', '4']);
  const gate = createGate(baselineRuns + 2);
  const running = startNocturne(repo.root, ['run', '--tag', 'parts', '--seed', 's'], gate.variables);
  await gate.untilBegun(baselineRuns + 3);
  running.kill('SIGKILL');
  await running.end;
  gate.open();
  const parts = await nocturne(repo.root, ['run', '--tag', 'parts', '--max-experiments', '4']);

  expect([whole.exitCode, parts.exitCode], parts.stderr).toEqual([0, 0]);
  const titles = (tag: string) =>
    entriesOf(journalOf(repo.root, tag), 'proposal-made').map((entry) => entry.proposal.title);
  expect(titles('parts')).toEqual(titles('whole'));
});

test('a changed brief and changed limits are used and said when a study goes on', async () => {
  const repo = project('quick');
  await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '1']);
  repo.write('program.md', `${repo.read('program.md')}\nLook at the width first.\n`);
  const said = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '2', '--researcher', 'grid']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('Changed since the last session: prose, researcher, stop.');
  const made = entriesOf(journalOf(repo.root, 'a'), 'proposal-made').map(({ researcher }) => researcher);
  expect(made).toEqual(['random', 'grid']);
});

/** A study whose first run is in flight, and goes on until its gate opens. */
async function startedRun(repo: TemporaryRepo): Promise<{ running: Running; gate: Gate }> {
  const gate = createGate();
  const running = startNocturne(repo.root, [...run, '--json'], gate.variables);
  await gate.untilBegun(1);
  return { running, gate };
}

/** The next start finishes the study, and the journal agrees with git. */
async function expectToGoOn(repo: TemporaryRepo, experiments = 1): Promise<void> {
  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', String(experiments)]);
  expect(said.exitCode, said.stderr).toBe(0);
  await expectFinished(repo, experiments);
}

async function expectFinished(repo: TemporaryRepo, experiments = 1): Promise<void> {
  expect(entriesOf(journalOf(repo.root, 'night'), 'proposal-made')).toHaveLength(experiments);
  expect(await nocturne(repo.root, ['check'])).toMatchObject({ exitCode: 0 });
}
