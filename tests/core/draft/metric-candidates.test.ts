import { describe, expect, test } from 'vitest';
import { fileCandidates, metricCandidates } from '../../../src/core/draft/metric-candidates.ts';
import { readMeasurement } from '../../../src/core/run/measurement.ts';

const textOf = (trainLog: string, metricsJson?: string) => ({ trainLog, scoreLog: undefined, metricsJson });

/** Name, goal and value of the likeliest candidate. */
function best(log: string, metricsJson?: string): string | undefined {
  const [first] = metricCandidates(textOf(log, metricsJson));
  return first && `${first.name} ${first.goal ?? '?'} ${first.value}`;
}

test.each([
  ['key=value', 'epoch 1 val_loss=0.9\nepoch 2 val_loss=0.53\n', 'val_loss minimize 0.53'],
  ['a validation loss before the training loss', 'train_loss: 0.2 val_loss: 0.4\n', 'val_loss minimize 0.4'],
  ['words', 'step 100: train loss 1.2, val loss 1.4\n', 'val_loss minimize 1.4'],
  ['an accuracy in percent', 'Final test accuracy: 91.25%\n', 'test_accuracy maximize 91.25'],
  ['a dict', "{'loss': 0.3, 'eval_loss': 0.61, 'epoch': 3.0}\n", 'eval_loss minimize 0.61'],
  ['Keras', '5/5 - 0s - loss: 0.31 - accuracy: 0.9 - val_loss: 0.42 - val_accuracy: 0.88\n', 'val_loss minimize 0.42'],
  [
    'the MNIST example of PyTorch',
    '\nTest set: Average loss: 0.0265, Accuracy: 9912/10000 (99%)\n',
    'test_average_loss minimize 0.0265',
  ],
  ['an exponent', 'RMSE: 9.5e-05\n', 'RMSE minimize 0.000095'],
  ['a negative score', 'mean reward: -121.5\n', 'mean_reward maximize -121.5'],
  ['a sentence', 'Accuracy score is 0.9111\n', 'accuracy_score maximize 0.9111'],
  [
    'a longer sentence',
    'The RMSE of prediction is: 0.4450426449744025\n',
    'rmse_prediction minimize 0.4450426449744025',
  ],
  ['words in columns', 'Test accuracy:  0.65\nTest cost:  0.96\n', 'test_accuracy maximize 0.65'],
  ['a METRIC line', 'loss 0.1\nMETRIC f1=0.8\n', 'f1 maximize 0.8'],
  ['a block', 'loss: 0.1\n---\nval_bpb: 2.75\n', 'val_bpb minimize 2.75'],
  ['an array of one', 'global_step=512, episodic_return=[23.]\n', 'episodic_return maximize 23'],
  ['an array of one, to numpy', 'step 3: val_loss [ 0.42 ]\n', 'val_loss minimize 0.42'],
  ['an array of one in words', 'Test accuracy: [0.91]\n', 'test_accuracy maximize 0.91'],
  ['an array of two is no number', 'episodic_return=[23. 4.]\nval_loss: [0.1, 0.2]\n', undefined],
  [
    'a table of epochs, as skorch prints it',
    '  epoch    train_loss    valid_acc    valid_loss     dur\n-------  ------------  -----------  ------------  ------\n      1        0.6894       0.5000        0.6949  0.0200\n      2        0.6801       0.5500        0.6899  0.0100\n',
    'valid_loss minimize 0.6899',
  ],
  ['a table of commas', 'epoch,train_loss,val_acc\n1,0.9,0.5\n2,0.8,0.6\n', 'val_acc maximize 0.6'],
  [
    'a table in Markdown',
    '| epoch | loss | accuracy |\n|---|---|---|\n| 1 | 0.9 | 0.5 |\n| 2 | 0.7 | 0.6 |\n',
    'loss minimize 0.7',
  ],
  [
    "scikit-learn's report is a table of classes",
    '              precision    recall  f1-score   support\n\n           0       0.9      0.8      0.85        40\n           1       0.7      0.8      0.75        60\n',
    undefined,
  ],
  ['LightGBM', "[100]\tvalid's rmse: 57.1\n[150]\tvalid's rmse: 56.8\n", 'valid-rmse minimize 56.8'],
  [
    'LightGBM with its training set, and a loss whose name alone says nothing',
    "[10]\ttraining's l2: 0.1\tvalid_1's l2: 0.3\n",
    'valid_1-l2 minimize 0.3',
  ],
  [
    'the average of a meter behind the figure of its last batch',
    'Test: [ 6/6]  Time: 0.269 (1.198)  Loss:   1.382 ( 1.360)  Acc@1:   0.000 ( 25.500)\n',
    'test_loss minimize 1.36',
  ],
  ['the average of a meter of ImageNet', 'Epoch: [0][10/99]\tLoss 6.9e+00 (6.9312e+00)\n', 'Loss minimize 6.9312'],
  [
    'a remark behind a figure is no average',
    'val_loss: 0.38 (best 0.31)\nval_loss: 0.37 (2)\n',
    'val_loss minimize 0.37',
  ],
  [
    "the sentence of PyTorch's tutorial",
    'Accuracy of the network on the 10000 test images: 54 %\n',
    'test_accuracy maximize 54',
  ],
  ['a sentence about a set', 'Accuracy on the validation set = 0.93\n', 'validation_accuracy maximize 0.93'],
  [
    'a rate before the name',
    'Epoch 1: 100%|██| 7/7 [00:01<00:00, 15.2it/s, val/acc=0.5]\n15.2it/s val/acc: 0.910\n',
    'val/acc maximize 0.91',
  ],
  ['nothing', '', undefined],
  ['no score', 'Loaded 100 rows\nlr=0.1 epochs=3 time: 3.2\nSaved model.pt\n', undefined],
  ['a thousands mark', 'cost 1,234\n', undefined],
  ['no number', 'val_loss: nan\n', undefined],
])('%s', (_, log, expected) => {
  expect(best(log)).toBe(expected);
});

test('metrics.json names the score', () => {
  expect(best('', '{"val_auc": 0.91, "seconds": 3}')).toBe('val_auc maximize 0.91');
});

describe('whatever is offered', () => {
  test.each([
    'epoch 3 loss 0.5 val loss 0.7 acc 0.9\n',
    'a loss: 0.1\nb loss: 0.2\nval/loss: 0.3\n',
    "{'eval_loss': 1.5, 'eval_accuracy': 0.4}\n",
    'Test set: Average loss: 0.0265, Accuracy: 9912/10000 (99%)\n',
    'R2 score 0.71 | RMSE 3.2 | MAE=2.1\n',
  ])('is read back with the same value: %j', (log) => {
    const found = metricCandidates(textOf(log));
    expect(found.length).toBeGreaterThan(0);
    for (const { name, goal = 'minimize', pattern, value } of found) {
      const metric = { name, goal, ...(pattern === undefined ? {} : { pattern }) };
      expect(readMeasurement(textOf(log), metric)).toMatchObject({ kind: 'measured', measurement: { value } });
    }
  });
});

test('the pattern reads a later line whole, and a nan as no score', () => {
  const [found] = metricCandidates(textOf('epoch 1/3 val loss 0.7\n'));
  const read = (log: string) =>
    readMeasurement(textOf(log), {
      name: 'val_loss',
      goal: 'minimize',
      ...(found?.pattern && { pattern: found.pattern }),
    });
  expect(read('epoch 3/3 val loss -9.5e-05\n')).toMatchObject({ measurement: { value: -9.5e-5 } });
  expect(read('epoch 2/3 val loss 0.6\nepoch 3/3 val loss nan\n')).toMatchObject({ kind: 'unmeasured' });
});

test('what a score is printed for is told where that is more than one thing', () => {
  const headsIn = (log: string) => metricCandidates(textOf(log))[0]?.heads;
  expect(headsIn('Logistic Regression: CV accuracy: 0.97\nRandom Forest: CV accuracy: 0.95\n')).toEqual([
    'Logistic Regression',
    'Random Forest',
  ]);
  expect(headsIn('Epoch 1/2: val_loss 0.9\nEpoch 2/2: val_loss 0.8\n')).toBeUndefined();
  expect(headsIn('[rank0]: epoch 0: val_loss=0.9\n[rank1]: epoch 0: val_loss=0.8\n')).toBeUndefined();
});

test('a count with its percentage is offered to the digits of the count', () => {
  const found = metricCandidates(textOf('\nTest set: Average loss: 0.0265, Accuracy: 9913/10000 (99%)\n'));
  expect(found.map(({ name, value }) => `${name} ${value}`)).toEqual([
    'test_average_loss 0.0265',
    'test_accuracy 99.13',
  ]);
});

test('a name that the reader finds is a candidate when it is asked for, whatever it would be called otherwise', () => {
  const log = 'Test set: Average loss: 0.0265, Accuracy: 9913/10000 (99%)\n';
  const found = metricCandidates(textOf(log), { name: 'accuracy' });
  expect(found.map(({ name, goal, value, line }) => ({ name, goal, value, line }))).toEqual([
    { name: 'accuracy', goal: 'maximize', value: 99.13, line: log.trim() },
  ]);
  expect(metricCandidates(textOf(log), { name: 'f1' })).toEqual([]);
});

test('the name that the owner asks for is the only candidate', () => {
  const found = metricCandidates(textOf('val_loss=0.5 quality=3.25\n'), { name: 'quality', goal: 'maximize' });
  expect(found.map(({ name, goal, value }) => ({ name, goal, value }))).toEqual([
    { name: 'quality', goal: 'maximize', value: 3.25 },
  ]);
});

describe('a score in a file that the script wrote', () => {
  const bestIn = (path: string, text: string, asked = {}) => {
    const [first] = fileCandidates(textOf(''), [{ path, text }], asked);
    return first && `${first.file} ${first.name} ${first.goal ?? '?'} ${first.value}`;
  };

  test.each([
    ['metrics/eval.json', '{"accuracy": 0.97, "n": 45}', 'metrics/eval.json accuracy maximize 0.97'],
    ['report.json', '{"train": {"loss": 0.1}, "test": {"loss": 0.4}}', 'report.json test.loss minimize 0.4'],
    ['log.csv', 'epoch,loss,val_loss\n0,0.9,1.1\n1,0.5,0.8\n', 'log.csv val_loss minimize 0.8'],
    ['params.json', '{"lr": 0.1, "epochs": 3}', undefined],
    ['data.csv', 'x,y\n1,2\n', undefined],
    ['eval.json', '{"accuracy": NaN}', undefined],
    ['broken.json', '{"accuracy": 0.9', undefined],
  ])('%s: %s', (path, text, expected) => {
    expect(bestIn(path, text)).toBe(expected);
  });

  test('is the one that the owner names', () => {
    expect(bestIn('m.json', '{"f1": 0.5, "accuracy": 0.9}', { name: 'f1' })).toBe('m.json f1 maximize 0.5');
  });
});
