import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeDevice, fitBrief, fitScript } from '../../../src/core/preset/fit-preset.ts';
import { type Device, knownDevices, presetFor } from '../../../src/core/preset/preset.ts';

const cpu: Device = {
  kind: 'cpu',
  name: '2 threads',
  type: 'float32',
  memoryMb: 8000,
  freeMemoryMb: 8000,
  teraflops: 0.1,
};

test.each([
  ['t4', 5, 512],
  ['l4', 6, 1024],
  ['a100', 7, 1024],
  ['h100', 8, 1024],
])('five minutes on a %s train a model of depth %i', (name, depth, windowTokens) => {
  expect(presetFor(knownDevices[name] ?? cpu, 300)).toMatchObject({ depth, windowTokens });
});

test('a CPU gets the smallest model and a batch that leaves it many steps', () => {
  expect(presetFor(cpu, 300)).toEqual({
    budgetSeconds: 300,
    depth: 2,
    totalBatch: 2 ** 11,
    deviceBatch: 8,
    windowTokens: 256,
  });
});

test('however slow a device is, its batch has eight windows', () => {
  expect(presetFor({ ...cpu, teraflops: 1e-5 }, 300)).toMatchObject({ totalBatch: 8 * 256, windowTokens: 256 });
});

test('a faster device never gets a smaller model, nor a longer budget', () => {
  const depths = [0.01, 0.1, 1, 10, 100, 1000].map((teraflops) => presetFor({ ...cpu, teraflops }, 300).depth);
  expect(depths).toEqual([...depths].sort((a, b) => a - b));
  expect(depths.at(-1)).toBeLessThanOrEqual(12);
});

test('little memory makes the passes small, never the step', () => {
  const { t4 } = knownDevices;
  const tight = presetFor({ ...(t4 ?? cpu), freeMemoryMb: 500 }, 300);
  const roomy = presetFor(t4 ?? cpu, 300);
  expect(tight.totalBatch).toBe(roomy.totalBatch);
  expect(tight.deviceBatch).toBeLessThan(roomy.deviceBatch);
});

test('a preset changes three literals of the script and keeps its comments in their column', () => {
  const script = readFileSync('sandbox/gpt/train.py', 'utf8');
  const fitted = fitScript(script, presetFor(knownDevices.h100 ?? cpu, 300));
  const changed = fitted.split('\n').filter((line, index) => line !== script.split('\n')[index]);
  expect(changed).toEqual([
    'DEPTH = 8                  # layers; the one dial for size: width is WIDTH_PER_LAYER x DEPTH',
    'TOTAL_BATCH = 2**18        # tokens per step',
    'DEVICE_BATCH = 128         # windows per pass; halved until it fits into the memory',
  ]);
});

test('a preset says in the brief for what it was made', () => {
  const brief = readFileSync('program.md', 'utf8');
  const fitted = fitBrief(brief, knownDevices.t4 ?? cpu, presetFor(knownDevices.t4 ?? cpu, 300));
  expect(fitted).toContain('---\n# made for: Tesla T4, compute capability 7.5, 14.6 GB, 46 TFLOP/s in float16\n');
  expect(fitted).toContain('\nprepare: python prepare.py --data auto --seq-len 512\n');
  expect(fitted).toContain('\nbudget: 5m\n');
});

test('a device without a capability is described without one', () => {
  expect(describeDevice(cpu)).toBe('2 threads, 7.8 GB, 0.1 TFLOP/s in float32');
});
