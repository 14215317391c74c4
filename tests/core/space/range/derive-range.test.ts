import { describe, expect, test } from 'vitest';
import { deriveRange } from '../../../../src/core/space/range/derive-range.ts';
import { formatRange } from '../../../../src/core/space/range/parse-range.ts';
import { rangeContains } from '../../../../src/core/space/range/range-contains.ts';
import { knob } from '../../../helpers/knob.ts';

describe('deriveRange', () => {
  test.each([
    ['LEARNING_RATE = 0.1', 'log 0.0033..3'],
    ['LR = 3e-4', 'log 1e-5..0.009'],
    ['MATRIX_LR = 0.04', 'log 0.0013..1.2'],
    ['FINAL_LR_FRAC = 0.0', 'float 0..1'],
    ['LR_DECAY = 0.1', 'float 0..0.99'],
    ['ADAM_EPS = 1e-8', 'log 3.3e-10..3e-7'],
    ['WEIGHT_DECAY = 0.0', '0 or log 1e-5..0.1'],
    ['WEIGHT_DECAY = 0.2', '0 or log 0.002..2'],
    ['GRAD_CLIP = 0.0', '0 or log 0.1..10'],
    ['GRAD_CLIP = 1.0', '0 or log 0.1..10'],
    ['DROPOUT = 0.0', 'float 0..0.5'],
    ['DROPOUT = 0.7', 'float 0..0.7'],
    ['WARMUP = 0.0', 'float 0..0.5'],
    ['WARMUP_LR = 1e-5', 'log 3.3e-7..3e-4'],
    ['HFLIP = 0.5', 'float 0..1'],
    ['WARMUP_RATIO = 0.1', 'float 0..0.5'],
    ['WARMDOWN_RATIO = 0.5', 'float 0..1'],
    ['LABEL_SMOOTHING = 0.1', 'float 0..0.3'],
    ['MOMENTUM = 0.0', 'float 0..0.99'],
    ['MOMENTUM = 0.95', 'float 0.5..0.995'],
    ['BETA2 = 0.999', 'float 0.99..0.9999'],
    ['EMA_DECAY = 0.9', 'float 0..0.99'],
    ['INIT_SCALE = 1.0', 'log 0.1..10'],
    ['HIDDEN = 64', 'pow2 8..512'],
    ['BATCH_SIZE = 128', 'pow2 16..1024'],
    ['TOTAL_BATCH_SIZE = 2**19', 'pow2 65536..4194304'],
    ['CONTEXT = 4', 'pow2 1..32'],
    ['HEAD_DIM = 128', 'pow2 16..1024'],
    ['N_EMBD = 768', 'int log 96..6144'],
    ['WIDTH = 5', 'int log 1..40'],
    ['DEPTH = 8', 'int 4..16'],
    ['LAYERS = 1', 'int 1..3'],
    ['NUM_HIDDEN_LAYERS = 8', 'int 4..16'],
    ['N_HEADS = 12', 'int 6..24'],
    ['N_HEADS = 4', 'pow2 1..32'],
    ['DEPTH = 24', 'int 12..48'],
    ['ASPECT_RATIO = 64', 'int log 16..256'],
    ['MLP_RATIO = 4', 'pow2 1..32'],
    ['USE_BIAS = False', 'bool'],
    ['ADAM_BETAS = (0.8, 0.95)', '(float 0..0.99, float 0.5..0.995)'],
    ['BETAS = (0.9,)', '(float 0..0.99)'],
  ])('%s: %s', (line, text) => {
    const range = deriveRange(knob(line));
    expect(range && formatRange(range)).toBe(text);
  });

  test.each([
    'SEED = 1337',
    'EVAL_TOKENS = 4096',
    'TIME_BUDGET = 300',
    'VOCAB_SIZE = 8192',
    'LOG_EVERY = 10',
    'DEBUG = False',
    'ACTIVATION = "tanh"',
    'DATA = "data/train.bin"',
    'SIZES = (64, 128)',
    'ADAM_BETAS = (0.0, 0.95)',
    'LR = 0.0',
    'OFFSET = 0.0',
    'OFFSET = -1.0',
    'STEPS = 0',
    'STEPS = -1',
    'LR = 1e308',
    'LR = 5e-324',
    'WIDTH = 2**52',
  ])('%s is not searched', (line) => {
    expect(deriveRange(knob(line))).toBeUndefined();
  });

  test('a derived range contains the current value, whatever the name and the number', () => {
    const names = [
      'LR',
      'WEIGHT_DECAY',
      'DROPOUT',
      'WARMUP',
      'MOMENTUM',
      'EMA',
      'EPS',
      'CLIP',
      'FRAC',
      'X',
      'WIDTH',
      'DEPTH',
    ];
    const texts = [
      '0.0',
      '1e-30',
      '1e-9',
      '0.003',
      '0.123456789',
      '0.5',
      '0.99',
      '0.99999999',
      '1.0',
      '1.5',
      '1e6',
      '1',
      '3',
      '7',
      '100',
    ];
    for (const [name, text] of names.flatMap((name) => texts.map((text) => [name, text]))) {
      const candidate = knob(`${name} = ${text}`);
      const range = deriveRange(candidate);
      if (range !== undefined) expect([name, text, rangeContains(range, candidate.value)]).toEqual([name, text, true]);
    }
  });
});
