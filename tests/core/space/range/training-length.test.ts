import { expect, test } from 'vitest';
import { isTrainingLength } from '../../../../src/core/space/range/training-length.ts';
import { knob } from '../../../helpers/knob.ts';

test.each([
  'EPOCHS = 10',
  'num_epochs = 3',
  'MAX_STEPS = 1000',
  'trainer.max_iters = 600',
  'NUM_BOOST_ROUNDS = 200',
  'nEstimators = 100',
  'EARLY_STOPPING_ROUNDS = 50',
  'PATIENCE = 5',
  'n_steps = 20000',
  'TOTAL_TIMESTEPS = 100000',
  'max_iter = 200',
  'num_train_epochs = 3.0',
])('%s sets how long a training takes', (line) => {
  expect(isTrainingLength(knob(line))).toBe(true);
});

test.each([
  'LR = 0.1',
  'WARMUP_STEPS = 100',
  'GRAD_ACCUM_STEPS = 4',
  'NS_STEPS = 5',
  'n_steps = 5',
  'LR_DECAY_ITERS = 500',
  'DIFFUSION_STEPS = 1000',
  'DEPTH = 8',
  'WARMUP_EPOCHS = 2',
  'INNER_STEPS = 3',
])('%s does not', (line) => {
  expect(isTrainingLength(knob(line))).toBe(false);
});
