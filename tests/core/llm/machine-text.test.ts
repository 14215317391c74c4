import { expect, test } from 'vitest';
import type { Machine } from '../../../src/core/journal/machine.ts';
import { machineText } from '../../../src/core/llm/machine-text.ts';
import { createJournal, session } from '../../helpers/journal.ts';

const h200 = { name: 'NVIDIA H200', totalMib: 143_771, freeMib: 143_000, capability: '9.0' };
const machine: Machine = {
  platform: 'Linux x86_64',
  cores: 16,
  memoryMib: 131_072,
  gpus: [h200],
  python: '3.12.3',
  cuda: '12.8',
  packages: { numpy: '2.4.6', torch: '2.13.0', triton: '' },
  absent: ['flash_attn', 'transformers'],
};

const bare = { isolation: 'none', session };

test('a model is told the device, memory, processors, versions and packages', () => {
  expect(machineText({ machine, ...bare })).toBe(
    '# The machine\n\n' +
      'A run has a GPU: NVIDIA H200 with 140 GiB (140 GiB free) and compute capability 9.0, 16 CPU cores, 128 GiB of RAM, Linux x86_64.\n' +
      'Python 3.12.3 with numpy 2.4.6, torch 2.13.0 (CUDA 12.8), triton. ' +
      'Not installed, so that importing it fails: flash_attn, transformers.',
  );
});

test.each<readonly [string, Partial<Machine>, string]>([
  ['equal GPUs are told once', { gpus: [h200, h200] }, 'A run has 2 GPUs: each NVIDIA H200 with 140 GiB'],
  ['a GPU of unknown memory is told by its name', { gpus: [{ name: 'X' }] }, 'A run has a GPU: X, 16 CPU cores'],
  ['a machine without a GPU says so', { gpus: [] }, 'A run has no NVIDIA GPU that can be seen, 16 CPU cores'],
  ['a Mac has the GPU of its chip', { gpus: [], platform: 'Darwin arm64' }, "A run has Apple's GPU (mps), 16 CPU"],
  ['a little memory has a decimal', { memoryMib: 6553 }, '6.4 GiB of RAM'],
  ['a torch for ROCm says so', { gpus: [], cuda: undefined, rocm: '6.3' }, 'torch 2.13.0 (ROCm 6.3)'],
])('%s', (_, more, told) => {
  expect(machineText({ machine: { ...machine, ...more }, ...bare })).toContain(told);
});

test('a study goes on with what was found when its last session began', () => {
  const resumed = { event: 'study-resumed' as const, session, changed: [], isolation: 'none' };
  const journal = createJournal({ machine });
  expect(journal.history().machine).toEqual(machine);
  journal.add(resumed);
  expect(journal.history().machine).toEqual(machine);
  journal.add({ ...resumed, machine: { ...machine, cores: 4 } });
  expect(journal.history().machine?.cores).toBe(4);
});

test('an older study says nothing of its machine', () => {
  expect(machineText(createJournal().history())).toBe('');
});

test('a model is told what isolation closes to its code', () => {
  const text = (network: boolean) => machineText({ machine, isolation: 'landlock', session: { ...session, network } });
  expect(text(false)).toMatch(/\nIt reads the sandbox, .* alone\. It has no network: nothing can be downloaded\.$/);
  expect(text(true)).toMatch(/ writes to its own folders alone\.$/);
});
