/** A GPU that goes in the middle of a night, as the owner of the study has it. */
import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { gpuNight } from '../helpers/gpu-night.ts';
import { entriesOf, journalOf, nocturne, startNocturne } from '../helpers/nocturne.ts';
import { gpuFailures } from '../helpers/nvidia-smi.ts';

const run = ['run', '--tag', 'night', '--max-experiments', '2'];

test('a GPU that falls off the bus pauses the study; Ctrl-C ends it in order, and the next start waits on and goes on', async () => {
  const { repo, smi, sayWhenOver, variables } = gpuNight();
  const gate = createGate(4);
  const night = startNocturne(repo.root, [...run, '--seed', 'gpu'], { ...variables, ...gate.variables });
  await gate.untilBegun(5);
  smi.answer({ failure: gpuFailures['fallen off the bus'] });
  sayWhenOver('RuntimeError: CUDA error: unspecified launch failure');
  gate.open();
  await night.until('waiting: the GPU is lost (nvidia-smi: Unable to determine the device handle for GPU0000:01:00.0');
  const status = await nocturne(repo.root, ['status', '--tag', 'night']);
  expect(status.stdout).toMatch(/waiting {3}since \d\d:\d\d: nvidia-smi: Unable to determine/);
  night.kill('SIGINT');
  expect((await night.end).exitCode).toBe(130);
  expect(entriesOf(journalOf(repo.root, 'night'), 'study-stopped')).toHaveLength(1);

  const next = startNocturne(repo.root, run, variables);
  await next.until('goes on after');
  // In this order: the study goes on as soon as the GPU answers.
  sayWhenOver('');
  smi.answer({});
  const { exitCode, stderr } = await next.end;
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('the GPU can be used again');
  const journal = journalOf(repo.root, 'night');
  expect(journal.filter(({ event }) => event.startsWith('gpu-')).map(({ event }) => event)).toEqual([
    'gpu-away',
    'gpu-back',
  ]);
  const runs = entriesOf(journal, 'run-ended').filter(({ experiment }) => experiment === 2);
  expect(runs.map(({ result }) => result.outcome)).toEqual(['lost', 'finished']);
  const verdicts = entriesOf(journal, 'verdict-given').map(({ verdict }) => verdict.statistics?.mean);
  expect(verdicts).not.toContain(undefined);
  const report = await nocturne(repo.root, ['report', '--tag', 'night']);
  expect(report.stdout).toMatch(/the study waited for .*the GPU is lost/);
  expect((await nocturne(repo.root, ['check', '--tag', 'night'])).exitCode).toBe(0);
});
