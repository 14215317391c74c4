/** `nocturne confirm` as its user has it: on a study that overfitted, through kills, and where there is nothing to do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/core/journal/entry.ts';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, processesOf, project, startNocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const study = ['--tag', 'night'];

// Trainings that wait for a second program to start are not beyond such a budget.
const budget = ['--budget', '15s'];

const studied = templateStudy(...study, '--seed', 'confirm', '--max-experiments', '4', ...budget);

const eventsOf = (stdout: string) => stdout.split('\n').map((line) => JSON.parse(line) as Entry);
const statusOf = async (repo: TemporaryRepo) =>
  JSON.parse((await nocturne(repo.root, ['status', ...study, '--json'])).stdout);

test('a study whose gain is chosen noise ends with a warning, and its confirmed gain may be none', async () => {
  const repo = project('overfit');
  const said = await nocturne(repo.root, ['run', ...study, '--seed', 'confirm']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toMatch(/warning: Overfitting: experiment \d+ gains 0\.\d+ on validation/);
  const before = await statusOf(repo);
  expect(before.kept).toBeGreaterThan(0);
  expect(before.gauge.warning).toMatch(/^Overfitting/);
  expect(before.confirmed).toBeNull();

  const confirmed = await nocturne(repo.root, ['confirm', ...study, '--runs', '6', '--json']);
  expect(confirmed.exitCode, confirmed.stderr).toBe(0);
  const last = eventsOf(confirmed.stdout).at(-1);
  if (last?.event !== 'gain-confirmed') throw new Error(`the last event is ${last?.event}`);
  const [low = 1, high = -1] = last.gain.comparison?.interval ?? [];
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(0);
  expect(last.gain.comparison?.signFlipP).toBeGreaterThan(0.05);

  const { confirmed: shown, ...after } = await statusOf(repo);
  expect({ ...after, confirmed: null }).toEqual(before);
  expect(shown).toMatchObject({
    confirmation: 1,
    split: 'holdout',
    isCurrent: true,
    isShown: false,
    comparison: last.gain.comparison,
  });
  const report = (await nocturne(repo.root, ['report', ...study])).stdout;
  expect(report.split('\n')[2]).toMatch(
    /^\*\*Not confirmed\.\*\* Experiment \d+ against the baseline, 6 fresh seeds each/,
  );
  expect(report).toContain('The interval includes zero: these runs do not show a gain.');
  expect(report).toContain('**Overfitting: ');
  expect(readFileSync(join(repo.root, 'runs/night/report.md'), 'utf8')).toBe(`${report}\n`);
  expect((await nocturne(repo.root, ['check', ...study])).exitCode).toBe(0);
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('a confirmation that is killed goes on where it was, with the run that survived', async () => {
  const repo = studied();
  const args = ['confirm', ...study, '--runs', '2', '--json'];
  const gate = createGate(1);
  const first = startNocturne(repo.root, args, gate.variables);
  await gate.untilBegun(2);
  first.kill('SIGKILL');
  await first.end;
  const second = startNocturne(repo.root, ['confirm', ...study, '--json'], gate.variables);
  await second.until('"event":"run-progressed"');
  gate.open();
  const { exitCode, stderr } = await second.end;
  expect(exitCode, stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'confirmation-planned')).toHaveLength(1);
  const started = entriesOf(journal, 'confirmation-run-started');
  expect(started.map(({ contender }) => contender)).toEqual(['baseline', 'final', 'final', 'baseline']);
  const outcomes = entriesOf(journal, 'confirmation-run-ended').map(({ result }) => result.outcome);
  expect(outcomes).toEqual(['finished', 'finished', 'finished', 'finished']);
  expect(entriesOf(journal, 'gain-confirmed')).toHaveLength(1);

  const again = await nocturne(repo.root, args);
  expect(again.exitCode, again.stderr).toBe(0);
  const seeds = entriesOf(journalOf(repo.root, 'night'), 'confirmation-run-started').map(({ seed }) => seed);
  expect(new Set(seeds).size).toBe(8);
  expect(processesOf(repo.root)).toEqual([]);
});

test('a confirmation on two slots has two runs in flight, and goes on with both after a kill', async () => {
  const repo = studied();
  const args = ['confirm', ...study, '--slots', '2', '--json'];
  const gate = createGate(1);
  const first = startNocturne(repo.root, [...args, '--runs', '2'], gate.variables);
  await gate.untilBegun(3);
  first.kill('SIGKILL');
  await first.end;
  const inFlight = await statusOf(repo);
  expect(inFlight.inFlight).toMatchObject([{ slot: 0 }, { slot: 1 }]);
  gate.open();
  const second = await nocturne(repo.root, args, gate.variables);
  expect(second.exitCode, second.stderr).toBe(0);
  expect(second.stderr).toMatch(/At most \d runs, 2 at once,/);
  const journal = journalOf(repo.root, 'night');
  const started = entriesOf(journal, 'confirmation-run-started');
  const runs = started.map(({ contender, run }) => `${contender} ${run}`);
  expect(new Set(runs).size).toBe(runs.length);
  expect(new Set(started.map(({ slot }) => slot))).toEqual(new Set([0, 1]));
  const ended = entriesOf(journal, 'confirmation-run-ended');
  expect(ended).toHaveLength(started.length);
  // What the machine disturbed is made again.
  expect(ended.filter(({ result }) => result.outcome === 'finished' && !result.contention?.isRepeated)).toHaveLength(4);
  expect(new Set(started.map(({ seed }) => seed)).size).toBe(4);
  expect(entriesOf(journal, 'gain-confirmed')).toHaveLength(1);
  expect(processesOf(repo.root)).toEqual([]);
});

test('Ctrl-C ends a confirmation with 130 and no process left, and the next one goes on', async () => {
  const repo = studied();
  const gate = createGate();
  const first = startNocturne(repo.root, ['confirm', ...study, '--runs', '2', '--json'], gate.variables);
  await gate.untilBegun(1);
  first.kill('SIGINT');
  const { exitCode, stderr } = await first.end;
  expect([exitCode, stderr]).toEqual([
    130,
    expect.stringContaining('Stopped; `nocturne confirm` goes on where it is.'),
  ]);
  expect(processesOf(repo.root)).toEqual([]);
  const next = await nocturne(repo.root, ['confirm', ...study]);
  expect(next.exitCode, next.stderr).toBe(0);
  expect(next.stdout).toMatch(/^Experiment \d+ against the baseline, 2 fresh seeds each, on validation/);
  const stopped = entriesOf(journalOf(repo.root, 'night'), 'study-stopped');
  expect(stopped).toHaveLength(1);
});

test('what cannot be confirmed is an error that says why', async () => {
  const repo = project('quick');
  const nothing = await nocturne(repo.root, ['confirm', ...study]);
  expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('There is no study night')]);

  const running = startNocturne(repo.root, ['run', ...study, '--max-experiments', '4'], createGate().variables);
  await running.until('Study night');
  const early = await nocturne(repo.root, ['confirm', ...study]);
  expect([early.exitCode, early.stderr]).toEqual([2, expect.stringContaining('has not measured its baseline yet')]);
  running.kill('SIGINT');
  await running.end;

  const few = await nocturne(repo.root, ['confirm', ...study, '--runs', '1']);
  expect([few.exitCode, few.stderr]).toEqual([
    2,
    expect.stringContaining('--runs must be a whole number from 2 to 40'),
  ]);
});

test('a study that is being worked on is not confirmed', async () => {
  const repo = studied();
  const running = startNocturne(
    repo.root,
    ['run', ...study, ...budget, '--max-experiments', '6'],
    createGate().variables,
  );
  await running.until('goes on after');
  const { exitCode, stderr } = await nocturne(repo.root, ['confirm', ...study]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Study night is being worked on by process')]);
  running.kill('SIGINT');
  await running.end;
});
