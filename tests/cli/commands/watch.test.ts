import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { createGate } from '../../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../../helpers/nocturne.ts';
import { framesOf, startOnTerminal } from '../../helpers/terminal.ts';

const random = ['--researcher', 'random'];
const run = (experiments: number) => ['run', '--tag', 'a', ...random, '--max-experiments', String(experiments)];

it('a study that has ended is told in plain lines, and as every entry in JSON', async () => {
  const { root } = project('quick');
  await nocturne(root, run(2));
  const plain = await nocturne(root, ['watch']);
  expect(plain).toMatchObject({ exitCode: 0, stdout: '' });
  expect(plain.stderr).toMatch(/^Study a: [\s\S]*^ {3}2 [\s\S]*^Stopped \(experiments\): 2 experiments done;$/m);
  const json = await nocturne(root, ['watch', '--json']);
  expect(json.stdout.split('\n').map((line) => JSON.parse(line))).toEqual(journalOf(root, 'a'));
});

it('a running study is followed to its end', async () => {
  const { root } = project('quick');
  const gate = createGate();
  const study = startNocturne(root, run(2), gate.variables);
  await gate.untilBegun(1);
  const watching = startNocturne(root, ['watch', '--json']);
  await watching.until('"event":"run-progressed"');
  gate.open();
  const [watched] = await Promise.all([watching.end, study.end]);
  const events = watched.stdout.split('\n').map((line) => JSON.parse(line));
  expect(events.filter(({ event }) => event !== 'run-progressed')).toEqual(journalOf(root, 'a'));
  expect(watched.exitCode).toBe(0);
});

it('Ctrl-C leaves the study alone', async () => {
  const { root } = project('quick');
  const gate = createGate(1);
  const study = startNocturne(root, run(2), gate.variables);
  await gate.untilBegun(2);
  const watching = startNocturne(root, ['watch']);
  await watching.until('baseline, run 1');
  watching.kill('SIGINT');
  expect((await watching.end).exitCode).toBe(130);
  gate.open();
  expect((await study.end).exitCode).toBe(0);
  expect(entriesOf(journalOf(root, 'a'), 'verdict-given')).toHaveLength(3);
});

it('a terminal of 80 columns has the run in flight in one line that never wraps', async () => {
  const { root } = project('quick');
  const gate = createGate(3);
  const study = startNocturne(root, run(2), gate.variables);
  await gate.untilBegun(4);
  const watching = startOnTerminal(root, 80, ['watch'], { NO_COLOR: '1' });
  await watching.until((sent) => framesOf(sent).length > 1);
  gate.open();
  const stdout = await watching.end();
  await study.end;
  const frames = framesOf(stdout);
  expect(frames.length).toBeGreaterThan(1);
  expect(Math.max(...frames.map((frame) => stripVTControlCharacters(frame).length))).toBeLessThan(80);
  expect(stdout).toMatch(
    /experiment \d+ {2}[\d.]+ s of 1\.0 s {2}━+ {2}loss \d\.\d+\s+best \d\.\d+ {2}\d of 2 experiments/,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what must not be there.
  expect(stdout).not.toMatch(/\u001b\[\d+m/);
});
