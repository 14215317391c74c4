import { expect, it } from 'vitest';
import { readProgress } from '../../../src/core/run/progress.ts';

it.each([
  ['step=10 loss=2.5 progress=0.25\n', { step: 10, loss: 2.5, progress: 0.25 }],
  ['step=10 loss=2.5 progress=0.25', { step: 10, loss: 2.5, progress: 0.25 }],
  ['step 00010 (3.2%) | loss: 5.321 | dt: 12ms\r', { step: 10, loss: 5.321, progress: 0.032 }],
  ['step 00001 (0.1%) | loss: 9\rstep 00002 (0.2%) | loss: 8\r', { step: 2, loss: 8, progress: 0.002 }],
  ['loss: 1e-3\n', { loss: 0.001 }],
  ['step=7\nEpoch done.\n', { step: 7 }],
  ['step=7 loss=nan\n', { step: 7 }],
  ['step=7 loss=-1.5\n', { step: 7, loss: -1.5 }],
  ['step=7 val_loss=3\n', { step: 7 }],
  ['step=1 progress=7.5\n', { step: 1, progress: 1 }],
  ['step=1 loss=1\r\n\r\nstep=2 loss=2\r\n', { step: 2, loss: 2 }],
])('%j is %j', (text, progress) => {
  expect(readProgress(text)).toEqual(progress);
});

it.each(['', '\n', 'Loading data …\n', 'progress=0.5\n', 'a footstep 9\n', '---\nval_bpb: 2\n'])(
  '%j is no progress',
  (text) => {
    expect(readProgress(text)).toBeUndefined();
  },
);
