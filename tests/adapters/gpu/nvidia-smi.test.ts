import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { listGpus, lookAtGpus } from '../../../src/adapters/gpu/nvidia-smi.ts';
import { fakeNvidiaSmi, type GpuAnswers, gpuFailures } from '../../helpers/nvidia-smi.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const patience = new AbortController().signal;

function look(answers: GpuAnswers, more: Readonly<Record<string, string>> = {}) {
  return lookAtGpus({ PATH: fakeNvidiaSmi(temporaryFolder(), answers).path, ...more }, patience);
}

describe('GPUs that answer', () => {
  it('are counted, with the memory in use and what computes', async () => {
    const answers = { memory: '20012, 81559\n4, 81559', apps: '4711, 20000\n4712, 8' };
    expect(await look(answers)).toEqual({ kind: 'seen', gpus: 2, usedMib: 20016, totalMib: 163118, computeMib: 20008 });
  });

  it('without a process compute nothing', async () => {
    expect(await look({ memory: '4, 16384' })).toEqual({
      kind: 'seen',
      gpus: 1,
      usedMib: 4,
      totalMib: 16384,
      computeMib: 0,
    });
  });

  it.each(['[N/A]', '[Insufficient Permissions]', '[Not Supported]'])(
    'that say %s are there, and their memory is not known',
    async (cell) => {
      const answers = { memory: `${cell}, 81559`, apps: `4711, ${cell}` };
      expect(await look(answers)).toEqual({ kind: 'seen', gpus: 1, totalMib: 81559 });
    },
  );
});

test.each(Object.entries(gpuFailures))('%s is a lost GPU, in the words of nvidia-smi', async (_, failure) => {
  expect(await look({ failure })).toEqual({
    kind: 'lost',
    reason: expect.stringContaining(failure.says.split('\n')[0]?.slice(0, 40) ?? ''),
  });
});

test('one that never answers is a lost GPU, and is not waited for', async () => {
  const program = fakeNvidiaSmi(temporaryFolder());
  program.hang();
  expect(await lookAtGpus({ PATH: program.path }, patience, { limitMilliseconds: 100 })).toEqual({
    kind: 'lost',
    reason: 'nvidia-smi did not answer within 0.1 s',
  });
  expect(await lookAtGpus({ PATH: program.path }, AbortSignal.abort())).toEqual({
    kind: 'lost',
    reason: 'nvidia-smi did not answer before the study was stopped',
  });
});

test('a look leaves nothing behind that waits for the signal', async () => {
  const { signal } = new AbortController();
  expect(await lookAtGpus({ PATH: fakeNvidiaSmi(temporaryFolder()).path }, signal)).toMatchObject({ kind: 'seen' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

describe('nothing is said of the GPUs', () => {
  it('where there is no nvidia-smi', async () => {
    expect(await lookAtGpus({ PATH: join(temporaryFolder(), 'nowhere') }, patience)).toEqual({ kind: 'unseen' });
  });

  it.each([
    [2, 'Field "memory.used" is not a valid field to query.'],
    [3, 'Not available'],
    [4, 'Insufficient Permissions'],
  ])('where it exits with %i', async (exitCode, says) => {
    expect(await look({ failure: { says, exitCode } })).toEqual({ kind: 'unseen' });
  });

  it.each(['', '-1'])('where CUDA_VISIBLE_DEVICES is %j', async (visible) => {
    expect(await look({}, { CUDA_VISIBLE_DEVICES: visible })).toEqual({ kind: 'unseen' });
  });
});

describe('GPUs by name', () => {
  const list = (answers: GpuAnswers, more: Readonly<Record<string, string>> = {}) =>
    listGpus({ PATH: fakeNvidiaSmi(temporaryFolder(), answers).path, ...more }, patience);

  it('are told with their memory and compute capability, as far as they say', async () => {
    const memory = 'NVIDIA H200, 143771, 143000, 9.0\nNVIDIA GeForce GT 710, 2001, [N/A], [N/A]';
    expect(await list({ memory })).toEqual([
      { name: 'NVIDIA H200', totalMib: 143771, freeMib: 143000, capability: '9.0' },
      { name: 'NVIDIA GeForce GT 710', totalMib: 2001 },
    ]);
  });

  it('are none where all are hidden, and unknown where nvidia-smi fails or is missing', async () => {
    expect(await list({}, { CUDA_VISIBLE_DEVICES: '' })).toEqual([]);
    expect(await list({ failure: gpuFailures['no driver'] })).toBeUndefined();
    expect(await listGpus({ PATH: join(temporaryFolder(), 'nowhere') }, patience)).toBeUndefined();
  });
});
