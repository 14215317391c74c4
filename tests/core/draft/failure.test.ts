import { expect, test } from 'vitest';
import { readFailure } from '../../../src/core/draft/failure.ts';

test.each([
  [`FileNotFoundError: [Errno 2] No such file or directory: 'corpus'`, 'does not find corpus'],
  [`ValueError: '../data/train.csv' does not exist`, 'does not find ../data/train.csv'],
  ['Config file settings/base.yaml not found', 'does not find settings/base.yaml'],
  [`RuntimeError: could not find 'vocab.json'`, 'does not find vocab.json'],
])('%s is a file that is not there', (log, what) => {
  expect(readFailure(log, 1, 'python train.py')).toMatchObject({ kind: 'file', what });
});

test('an exported notebook says what it is', () => {
  const failure = readFailure("NameError: name 'get_ipython' is not defined", 1, 'python digits.py');
  expect(failure.what).toBe('was exported from a notebook and asks for IPython');
});

test.each([
  [`InterpolationKeyError: Interpolation key 'model.attention_type' not found`],
  [`KeyError: "column 'price' not found"`],
  [`ValueError: Could not find 'val_accuracy' in the metrics`],
  [`RuntimeError: optimizer 'adamw' does not exist`],
])('%s is no file', (log) => {
  expect(readFailure(log, 1, 'python train.py')).toMatchObject({ kind: 'other', what: 'fails with exit code 1' });
});

test.each([
  ['AssertionError: Torch not compiled with CUDA enabled'],
  ['RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU'],
  ['RuntimeError: No CUDA GPUs are available'],
  [
    'RuntimeError: Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. If you are running',
  ],
  [`MisconfigurationException: \`CUDAAccelerator\` can not run on your system since the accelerator is not available.`],
  [`RuntimeError: Unknown backend: 'gpu' requested, but no platforms that are instances of gpu are present.`],
])('%s asks for a GPU', (log) => {
  expect(readFailure(log, 1, 'python train.py')).toMatchObject({ kind: 'device' });
});
