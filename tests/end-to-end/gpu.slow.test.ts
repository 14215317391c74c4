/** A GPU that another process fills, and scripts that only say so. */
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { gpuNight } from '../helpers/gpu-night.ts';
import { entriesOf, journalOf, nocturne, startNocturne } from '../helpers/nocturne.ts';
import { gpuFailures } from '../helpers/nvidia-smi.ts';
import { startOnTerminal } from '../helpers/terminal.ts';

const run = ['run', '--tag', 'night', '--max-experiments', '1'];
const outOfMemory =
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB of which 1.20 GiB is free. Process 4711 has 68.40 GiB memory in use. Including non-PyTorch memory, this process has 9.50 GiB memory in use.';

const outcomesOf = (root: string) =>
  entriesOf(journalOf(root, 'night'), 'run-ended').flatMap(({ experiment, result }) =>
    experiment === 1 ? [result.outcome] : [],
  );

test('a GPU that another process fills pauses the study until that has gone', async () => {
  const { repo, smi, sayWhenOver, variables } = gpuNight();
  const gate = createGate(3);
  const night = startNocturne(repo.root, run, { ...variables, ...gate.variables });
  await gate.untilBegun(4);
  smi.answer({ memory: '70012, 81559', apps: '4711, [N/A]' });
  sayWhenOver(outOfMemory);
  gate.open();
  await night.until('waiting: the GPU is full (other processes hold 70012 MiB of its 81559 MiB, 4 MiB is usual)');
  sayWhenOver('');
  smi.answer({});
  const { exitCode, stderr } = await night.end;
  expect(exitCode, stderr).toBe(0);
  expect(outcomesOf(repo.root)).toEqual(['lost', 'finished']);
});

test('a terminal shows since when the study waits, in one line', async () => {
  const { repo, smi, sayWhenOver, variables } = gpuNight();
  const gate = createGate(3);
  const night = startOnTerminal(repo.root, 60, run, { ...variables, ...gate.variables });
  await gate.untilBegun(4);
  smi.answer({ failure: gpuFailures['no driver'] });
  sayWhenOver('CUDA error: device lost');
  gate.open();
  const line = /^waiting since \d\d:\d\d {2}the GPU is lost$/m;
  await night.until((sent) => line.test(stripVTControlCharacters(sent).replaceAll('\r', '')));
  sayWhenOver('');
  smi.answer({});
  expect(await night.end()).toContain('the GPU can be used again');
});

test.each([
  [
    'that the GPU is lost',
    'NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.',
    'failed: lost: its GPU went away: its log says so',
  ],
  ['that another process fills it', outOfMemory, 'failed: lost: another process filled its GPU: its log says that'],
])(
  'a candidate that always says %s fails after three runs while nvidia-smi finds it healthy',
  async (_, text, reason) => {
    const { repo, sayWhenOver, variables } = gpuNight();
    const gate = createGate(3);
    const night = startNocturne(repo.root, run, { ...variables, ...gate.variables });
    await gate.untilBegun(4);
    sayWhenOver(text, 'LEARNING_RATE = 0.3');
    gate.open();
    const { exitCode, stderr } = await night.end;
    expect(exitCode, stderr).toBe(0);
    expect(outcomesOf(repo.root)).toEqual(['lost', 'lost', 'lost']);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('waiting:');
  },
);

test('a GPU on which not even the incumbent trains pauses the study', async () => {
  const { repo, sayWhenOver, variables } = gpuNight();
  const gate = createGate(3);
  const night = startNocturne(repo.root, run, { ...variables, ...gate.variables });
  await gate.untilBegun(4);
  sayWhenOver('RuntimeError: CUDA error: unspecified launch failure');
  gate.open();
  await night.until('waiting: the GPU does not train (the best so far cannot train on it: RuntimeError: CUDA error');
  sayWhenOver('');
  const { exitCode, stderr } = await night.end;
  expect(exitCode, stderr).toBe(0);
  expect(outcomesOf(repo.root)).toEqual(['lost', 'finished']);
});

test.each(Object.entries(gpuFailures))('with %s the study waits, and its time limit ends that', async (_, failure) => {
  const { repo, smi, sayWhenOver, variables } = gpuNight();
  const gate = createGate(3);
  const night = startNocturne(repo.root, run, { ...variables, ...gate.variables });
  await gate.untilBegun(4);
  smi.answer({ failure });
  sayWhenOver('CUDA error: device lost');
  gate.open();
  await night.until('waiting: the GPU is lost');
  night.kill('SIGINT');
  expect((await night.end).exitCode).toBe(130);

  // The study has lived for longer already.
  const limited = await nocturne(repo.root, [...run, '--max-hours', '0.00001'], variables);
  expect(limited.exitCode, limited.stderr).toBe(0);
  expect(limited.stderr).toContain('Stopped (hours)');
  expect(outcomesOf(repo.root)).toEqual(['lost']);
  expect(entriesOf(journalOf(repo.root, 'night'), 'verdict-given')).toHaveLength(1);
  sayWhenOver('');
  smi.answer({});
  const next = await nocturne(repo.root, run, variables);
  expect(next.exitCode, next.stderr).toBe(0);
  expect(outcomesOf(repo.root)).toEqual(['lost', 'finished']);
});
