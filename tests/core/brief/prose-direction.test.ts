import { describe, expect, test } from 'vitest';
import { directionsInProse } from '../../../src/core/brief/prose-direction.ts';

const goals = (prose: string, metric: string) => directionsInProse(prose, metric).map(({ goal }) => goal);

describe('prose that says which way the metric is better', () => {
  test.each([
    ['**The goal is simple: get the lowest val_bpb.** Since the time is fixed', 'val_bpb', ['minimize']],
    ['get the highest `mean_return` (mean episodic return; higher is better)', 'mean_return', ['maximize', 'maximize']],
    ['The metric is `val_auc` (higher is better).', 'val_auc', ['maximize']],
    ['`val_bpb` is\nbits per byte on held-out text, and lower is better.', 'val_bpb', ['minimize']],
    ['Maximize the validation accuracy.', 'val_acc', ['maximize']],
    ['We maximise val_loss here', 'val_loss', ['maximize']],
    ['- minimise the score', 'score', ['minimize']],
    ['Higher is better.', 'reward', ['maximize']],
    ['The score is printed at the end. Higher is better.', 'score', ['maximize']],
    ['Higher values are better for val_x.', 'val_x', ['maximize']],
    ['val_x: the higher the better', 'val_x', ['maximize']],
    ['A lower `val_x` is better.', 'val_x', ['minimize']],
    ['The val-auc must be minimized.', 'val_auc', ['minimize']],
    ['Aim for the highest possible F1 on the test set', 'macro_f1', ['maximize']],
    ['The metric must be maximized.', 'x', ['maximize']],
    ['Minimize the objective.', 'x', ['minimize']],
    ['# Task\n- Metric: the mean over seeds (higher is better)', 'x', ['maximize']],
    ['val_loss: lower = better', 'val_loss', ['minimize']],
  ] as const)('%s', (prose, metric, found) => {
    expect(goals(prose, metric)).toEqual(found);
  });
});

describe('prose that speaks of something else', () => {
  test.each([
    ['Maximize throughput without hurting val_loss.', 'val_loss'],
    ['Keep `memory_gb` in mind (lower is better).', 'val_acc'],
    ['`val_loss` is the metric; for throughput, higher is better.', 'val_loss'],
    ['val_loss counts. Throughput: higher is better.', 'val_loss'],
    ['Minimize the reward variance.', 'reward'],
    ['Minimize accuracy loss.', 'val_acc'],
    ['Do not maximize val_loss.', 'val_loss'],
    ['A higher learning rate is better with a warm-up.', 'val_loss'],
    ['Lower dropout is better for small models.', 'val_acc'],
    ['The maximum score is 100.', 'val_loss'],
    ['Find the change that predicts unseen text best.', 'val_bpb'],
    ['Memory is scarce here. Lower is better.', 'val_acc'],
    ['Minimize training time per step and maximize utilization.', 'val_acc'],
    ['We report the CLIP score too (higher is better).', 'val_loss'],
    ['Maximize the anomaly score of outliers.', 'val_loss'],
    ['Try a large batch. Bigger is better.', 'val_loss'],
    ['Discuss whether lower is better.', 'val_acc'],
  ])('%s', (prose, metric) => {
    expect(goals(prose, metric)).toEqual([]);
  });
});

test('a statement is found where it stands, on one line', () => {
  expect(directionsInProse('Train it.\n\nGet the\n**highest** `val_auc`.', 'val_auc')).toEqual([
    { goal: 'maximize', words: 'Get the highest val_auc', at: 11 },
  ]);
});

test.each([' ', '* ', 'maximize a b c d ', 'higher is better. ', 'get the highest ', '`'])(
  'a long prose of %j is read to its end',
  (text) => {
    const prose = `higher ${text.repeat(20_000)} val_loss`;
    expect(directionsInProse(prose, 'val_acc').every(({ goal }) => goal === 'maximize')).toBe(true);
  },
);
