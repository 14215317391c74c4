import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../../helpers/nocturne.ts';
import { nocturneCommand } from '../../helpers/program.ts';

const terminal = fileURLToPath(new URL('../../fixtures/terminal.py', import.meta.url));
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
  const study = startNocturne(root, run(2));
  await study.until('baseline, run 1');
  const watched = await nocturne(root, ['watch', '--json']);
  await study.end;
  const events = watched.stdout.split('\n').map((line) => JSON.parse(line));
  expect(events.filter(({ event }) => event !== 'run-progressed')).toEqual(journalOf(root, 'a'));
  expect(watched.exitCode).toBe(0);
});

it('Ctrl-C leaves the study alone', async () => {
  const { root } = project('quick');
  const study = startNocturne(root, run(2));
  await study.until('baseline, run 1');
  const watching = startNocturne(root, ['watch']);
  await watching.until('baseline, run 1');
  watching.kill('SIGINT');
  expect((await watching.end).exitCode).toBe(130);
  expect((await study.end).exitCode).toBe(0);
  expect(entriesOf(journalOf(root, 'a'), 'verdict-given')).toHaveLength(3);
});

it('a terminal of 80 columns has the run in flight in one line that never wraps', async () => {
  const { root } = project('quick');
  const study = startNocturne(root, run(2), { NOCTURNE_TEST_SECONDS: '2' });
  await study.until('baseline, run 1');
  const command = [...nocturneCommand, 'watch'];
  const env = { TERM: 'xterm-256color', NO_COLOR: '1' };
  const { stdout, exitCode } = await execa('python3', [terminal, '80', ...command], { cwd: root, env, reject: false });
  await study.end;
  expect(exitCode, stdout).toBe(0);
  const frames = [...stdout.matchAll(/((?:baseline run|experiment) \d+ {2}[^\r\n]*)\r\n/g)].map(
    ([, frame = '']) => frame,
  );
  expect(frames.length).toBeGreaterThan(1);
  expect(Math.max(...frames.map((frame) => stripVTControlCharacters(frame).length))).toBeLessThan(80);
  expect(stdout).toMatch(/experiment \d+ {2}[\d.]+ s of 1\.0 s {2}━+ {2}loss \d\.\d+ {2}best \d\.\d+/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what must not be there.
  expect(stdout).not.toMatch(/\u001b\[\d+m/);
});
