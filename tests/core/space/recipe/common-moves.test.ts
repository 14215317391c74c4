import { describe, expect, it } from 'vitest';
import type { MetricKind } from '../../../../src/core/base/metric-kind.ts';
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

function moveFor(name: string, value: KnobValue, range: Range | string, metric: MetricKind = 'lm_bpb') {
  return commonMoveFor(dimension(name, value, range), metric);
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
    ['FINAL_LR_FRAC', 0, 'float 0..1', [0.05, 0.1]],
    ['MIN_LR_RATIO', 0, '0..0.08', [0.05]],
    ['SUBSAMPLE', 1, 'float 0.3..1', [0.7, 0.5]],
    ['params.bagging_fraction', 1, 'float 0.6..1', [0.7]],
    ['COLSAMPLE_BYTREE', 1, 'float 0.2..1', [0.5, 0.3]],
    ['feature_fraction', 1, 'float 0.2..1', [0.5, 0.3]],
    ['MAX_FEATURES', 1, 'float 0.05..1', [0.5, 0.3]],
  ])('%s = %j within %j: %j', (name, value, range, values) => {
    expect(moveFor(name, value, range)).toMatchObject({ kind: 'values', values });
  });

  it("Adam's two betas are set together", () => {
    const item = { kind: 'float', low: 0.5, high: 0.999, log: false, zero: false } as const;
    const betas = dimension('BETAS', [0.9, 0.999], { kind: 'tuple', items: [item, item] });
    expect(commonMoveFor(betas, 'lm_bpb')).toMatchObject({ values: [[0.9, 0.95]] });
  });

  it('a knob that has any of them is customary', () => {
    const move = moveFor('DECAY', 'linear', 'choice constant, linear, cosine');
    expect(move && isCommonValue(move, 'linear')).toBe(true);
    expect(move && isCommonValue(move, 'constant')).toBe(false);
  });
});

describe('rates, sizes and shares of the schedule', () => {
  it.each([
    ['LEARNING_RATE', 0.1, 'log 0.01..3', [2, 0.5]],
    ['MATRIX_LR', 0.1, 'log 0.01..3', [2, 0.5]],
    ['EMBED_LR', 0.1, 'log 0.01..3', [0.5, 2]],
    ['UNEMBEDDING_LR', 0.1, 'log 0.01..3', [2, 0.5]],
    ['SCALAR_LR', 0.1, 'log 0.01..3', [0.5, 2]],
    ['EMBED_DIM', 8, 'int log 2..64', [1 / 1.5, 1.4]],
    ['N_LAYER', 4, 'int 1..12', [1 / 1.5, 1.4]],
    ['ASPECT_RATIO', 64, 'int 32..128', [1 / 1.5, 1.4]],
    ['D_FFN', 512, 'pow2 64..4096', [1 / 1.5, 1.4]],
    ['BATCH_SIZE', 128, 'pow2 16..1024', [0.5, 2]],
    ['eta', 0.3, 'log 0.01..1', [2, 0.5]],
    ['N_ESTIMATORS', 100, 'int log 10..1000', [2, 0.5]],
    ['NUM_BOOST_ROUND', 100, 'int log 10..1000', [2, 0.5]],
    ['CONTEXT', 4, 'int 1..32', [2, 0.5]],
    ['WARMDOWN_RATIO', 0.5, '0..1', [1.4]],
    ['WARMUP_STEPS', 100, '10..1000', [0.5]],
    ['WEIGHT_DECAY', 0.1, '0 or log 1e-5..1', [0.5]],
  ])(
    '%s = %j within `%s` is multiplied by a factor, that which gained more in public first',
    (name, value, range, ways) => {
      const move = moveFor(name, value, range);
      expect(move).toMatchObject({ kind: 'step', ways });
      expect(move && isCommonValue(move, value)).toBe(false);
    },
  );

  it('no factor is beyond those of the public tries that paid: rates by at most 2, weight decay by less than 4', () => {
    const ways = ['LEARNING_RATE', 'EMBED_LR', 'WEIGHT_DECAY', 'WIDTH', 'WARMDOWN', 'WARMUP'].flatMap((name) => {
      const move = moveFor(name, 8, name === 'WIDTH' ? 'int 1..64' : 'log 0.01..300');
      return move?.kind === 'step' ? move.ways : [];
    });
    expect(ways.length).toBeGreaterThan(6);
    for (const factor of ways) expect(Math.max(factor, 1 / factor)).toBeLessThanOrEqual(2);
  });

  it('the order is that of the gain per public try of the metric’s kind', () => {
    const order = (metric: MetricKind) => {
      const moves = (
        [
          ['BATCH_SIZE', 64, 'pow2 16..256'],
          ['LR', 0.1, 'log 0.01..3'],
          ['WIDTH', 64, 'int 8..512'],
          ['WARMDOWN', 0.4, '0..1'],
          ['WEIGHT_DECAY', 0.1, 'log 0.01..1'],
        ] as const
      ).map(([name, value, range]) => ({ name, rank: moveFor(name, value, range, metric)?.rank ?? 0 }));
      return moves.toSorted((a, b) => a.rank - b.rank).map(({ name }) => name);
    };
    expect(order('lm_bpb')).toEqual(['BATCH_SIZE', 'LR', 'WIDTH', 'WARMDOWN', 'WEIGHT_DECAY']);
    expect(order('accuracy')).toEqual(['BATCH_SIZE', 'WIDTH', 'WEIGHT_DECAY', 'LR', 'WARMDOWN']);
    expect(order('error')).toEqual(order('other'));
  });
});

it.each([
  ['a range without the value', 'MOMENTUM', 0, '0..0.5'],
  ['a final rate that there is already', 'FINAL_LR_FRAC', 0.2, '0..1'],
  ['a warm-up where there is none', 'WARMUP_RATIO', 0, 'float 0..0.5'],
  ['a weight decay where there is none', 'WEIGHT_DECAY', 0, '0 or log 1e-5..1e-2'],
  ['a final rate that is no share', 'MIN_LR', 0, '0 or log 1e-6..1'],
  ['a share that is no schedule', 'DECAY', 0.3, '0.1..0.5'],
  ['a size of a few choices', 'WIDTH', 64, 'choice 32, 64'],
  ['a rate that is none of learning', 'LR_GAMMA', 0.97, '0.9..0.999'],
  ['a norm of batches', 'BATCH_NORM_MOMENTUM', 0.1, '0..1'],
  ['a share that has the name of a size', 'HIDDEN_DROPOUT', 0.1, '0..0.5'],
  ['a depth that is no whole number', 'STOCHASTIC_DEPTH', 0.1, '0..0.5'],
  ['how a width is split', 'HEAD_DIM', 64, 'pow2 16..256'],
  ['how many at a time', 'DEVICE_BATCH', 16, 'pow2 1..64'],
  ['the warm-up of a momentum', 'MOMENTUM_WARMUP_STEPS', 300, '0..1000'],
  ['rows that are drawn already', 'SUBSAMPLE', 0.8, 'float 0.3..1'],
  ['how often rows are drawn', 'BAGGING_FREQ', 1, 'int 0..10'],
  ['columns that are counted', 'MAX_FEATURES', 1, 'int 1..20'],
  ['rounds without a gain', 'EARLY_STOPPING_ROUNDS', 50, 'int 10..200'],
  ['the end of a schedule', 'ETA_MIN', 0.01, 'log 0.001..0.1'],
  ['a name that says nothing', 'ALPHA', 0.1, 'log 0.01..3'],
])('nothing is customary for %s', (_, name, value, range) => {
  expect(moveFor(name, value, range)).toBeUndefined();
});
