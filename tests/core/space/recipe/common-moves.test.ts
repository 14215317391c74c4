import { describe, expect, it } from 'vitest';
import type { Dimension, Knob, KnobValue, Range } from '../../../../src/core/space/knob.ts';
import { readRange } from '../../../../src/core/space/range/parse-range.ts';
import { commonMoveFor, isCommonValue } from '../../../../src/core/space/recipe/common-moves.ts';

function dimension(name: string, value: KnobValue, range: Range | string): Dimension {
  const type = typeof value === 'number' ? 'float' : typeof value === 'boolean' ? 'bool' : 'string';
  const knob: Knob = { name, file: 'train.py', type, value, text: '', span: [0, 0] };
  return { knob, range: typeof range === 'string' ? rangeOf(range) : range };
}

function rangeOf(text: string): Range {
  const reading = readRange(text);
  if (reading.kind !== 'read') throw new Error(`${text} is no range`);
  return reading.value;
}

const either: Range = { kind: 'choice', values: [false, true] };

describe('values that recipes agree on', () => {
  it.each([
    ['MOMENTUM', 0, '0..0.98', [0.9, 0.95]],
    ['SGD_MOMENTUM', 0.5, '0..0.92', [0.9]],
    ['MUON_MOMENTUM', 0.8, '0..0.99', [0.95]],
    ['ADAM_BETA2', 0.999, '0.9..0.9999', [0.95, 0.99]],
    ['DECAY', 'constant', 'choice constant, linear, cosine', ['cosine', 'linear']],
    ['LR_SCHEDULE', 'none', 'choice none, linear', ['linear']],
    ['ACTIVATION', 'tanh', 'choice tanh, relu', ['relu']],
    ['OPTIMIZER', 'sgd', 'choice sgd, Adam, AdamW', ['AdamW', 'Adam']],
    ['USE_AMP', false, either, [true]],
    ['GRAD_CLIP', 0, '0 or log 0.1..5', [1]],
    ['WARMUP_RATIO', 0, '0..0.2', [0.05]],
    ['WEIGHT_DECAY', 0, '0 or log 1e-5..1e-2', [0.0001]],
    ['WEIGHT_DECAY', 0, '0 or log 1e-5..1', [0.1, 0.0001]],
    ['EMBED_WEIGHT_DECAY', 0, '0 or log 1e-5..1', [0.1, 0.0001]],
    ['LR_WARMUP', 0, '0..0.5', [0.05]],
  ])('%s = %j within %j: %j', (name, value, range, values) => {
    expect(commonMoveFor(dimension(name, value, range))).toMatchObject({ kind: 'values', values });
  });

  it("Adam's two betas are set together", () => {
    const item = { kind: 'float', low: 0.5, high: 0.999, log: false, zero: false } as const;
    const betas = dimension('BETAS', [0.9, 0.999], { kind: 'tuple', items: [item, item] });
    expect(commonMoveFor(betas)).toMatchObject({ values: [[0.9, 0.95]] });
  });

  it('a knob that has any of them is customary', () => {
    const move = commonMoveFor(dimension('DECAY', 'linear', 'choice constant, linear, cosine'));
    expect(move && isCommonValue(move, 'linear')).toBe(true);
    expect(move && isCommonValue(move, 'constant')).toBe(false);
  });
});

describe('rates and sizes', () => {
  it.each([
    ['LEARNING_RATE', 0.1, 'log 0.01..3', 3],
    ['MATRIX_LR', 0.1, 'log 0.01..3', 3],
    ['EMBED_DIM', 8, 'int log 2..64', 2],
    ['N_LAYER', 4, 'int 1..12', 1.5],
    ['BLOCK_SIZE', 64, 'pow2 16..256', 2],
    ['EMBED_LR', 0.1, 'log 0.01..3', 3],
    ['D_FFN', 512, 'pow2 64..4096', 2],
    ['LAYERS', 1, 'int 1..3', 1.5],
    ['BATCH_SIZE', 128, 'pow2 16..1024', 0.5],
    ['CONTEXT', 4, 'int 1..32', 2],
  ])('%s = %j within `%s` is multiplied by a factor', (name, value, range, factor) => {
    const move = commonMoveFor(dimension(name, value, range));
    expect(move).toMatchObject({ kind: 'step', factor });
    expect(move && isCommonValue(move, value)).toBe(false);
  });

  it('a learning rate comes before the sizes, and the momentum before it', () => {
    const places = [
      dimension('MOMENTUM', 0, '0..0.98'),
      dimension('LR', 0.1, 'log 0.01..3'),
      dimension('WIDTH', 64, 'int 8..512'),
    ].map((each) => commonMoveFor(each)?.rank ?? Number.NaN);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

it.each([
  ['a range without the value', 'MOMENTUM', 0, '0..0.5'],
  ['steps instead of a share', 'WARMUP_STEPS', 100, '10..1000'],
  ['a share that is no schedule', 'DECAY', 0.3, '0.1..0.5'],
  ['a size of a few choices', 'WIDTH', 64, 'choice 32, 64'],
  ['a rate that is none of learning', 'LR_GAMMA', 0.97, '0.9..0.999'],
  ['a norm of batches', 'BATCH_NORM_MOMENTUM', 0.1, '0..1'],
  ['a share that has the name of a size', 'HIDDEN_DROPOUT', 0.1, '0..0.5'],
  ['a depth that is no whole number', 'STOCHASTIC_DEPTH', 0.1, '0..0.5'],
  ['how a width is split', 'HEAD_DIM', 64, 'pow2 16..256'],
  ['how many at a time', 'DEVICE_BATCH', 16, 'pow2 1..64'],
  ['warmup in epochs', 'WARMUP_EPOCHS', 1, '0..10'],
  ['a name that says nothing', 'ALPHA', 0.1, 'log 0.01..3'],
])('nothing is customary for %s', (_, name, value, range) => {
  expect(commonMoveFor(dimension(name, value, range))).toBeUndefined();
});
