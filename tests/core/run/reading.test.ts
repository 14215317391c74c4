import { describe, expect, it } from 'vitest';
import { type RunText, readMeasurement } from '../../../src/core/run/measurement.ts';

function reading(text: Partial<RunText>, name = 'val_loss', pattern?: string) {
  return readMeasurement(
    { trainLog: '', scoreLog: undefined, metricsJson: undefined, ...text },
    { name, goal: 'minimize', pattern },
  );
}

function read(text: Partial<RunText>, name?: string): number | string {
  const found = reading(text, name);
  return found.kind === 'measured' ? found.measurement.value : found.reason;
}

const bar = '\rtraining:  20%|██        | 20/100 [00:01<00:04, 19.78it/s]';

describe('the score is read as a person sees it', () => {
  it.each([
    ['a coloured METRIC line', '\u001b[1;32mMETRIC val_loss=0.5426\u001b[0m\n'],
    ['a coloured name', '---\n\u001b[1mval_loss:\u001b[0m 0.5426\n'],
    ['a coloured value', '---\nval_loss: \u001b[32m0.5426\u001b[0m\n'],
    ['colours as tput prints them', 'METRIC val_loss=\u001b[32m0.5426\u001b(B\u001b[m\n'],
    ['a link', '\u001b]8;;https://x\u001b\\METRIC val_loss=0.5426\u001b]8;;\u001b\\\n'],
    ['a value written over another', 'METRIC val_loss=9.9999\b\b\b\b\b\b0.5426\n'],
    ['a line that was cleared and drawn again', 'METRIC val_loss=9\r\u001b[2KMETRIC val_loss=0.5426\n'],
    ['a value moved to by its column', 'val_loss:\u001b[3C0.5426\n'],
    ['a screen drawn from its corner', 'step 9\u001b[HMETRIC val_loss=0.5426\u001b[J'],
    ['a block behind an open bar', `${bar}---\nval_loss: 0.5426\n${bar}\n`],
    ['a METRIC line behind an open bar', `${bar}METRIC val_loss=0.5426\n`],
    ['a plain line behind an open bar', `${bar}val_loss: 0.5426\n`],
    ['a block behind dots', '.........---\nval_loss: 0.5426\n'],
    ['a block behind a bar of Keras', '\r 9/10 [=========>.] - ETA: 0s - loss: 0.7---\nval_loss: 0.5426\n'],
    ['a column behind a bar of rich', 'Training ━━━━━━━━━━ 100% 0:00:00 val_loss 0.5426\n'],
    ['a block behind a bar of rich', 'fit ━━━━━━╸━━━  40% 0:00:05---\nval_loss: 0.5426\n'],
    [
      'a block through a logger',
      '2026-11-29 06:14:10,123 INFO t: ---\n2026-11-29 06:14:10,124 INFO t: val_loss: 0.5426\n',
    ],
    ['a METRIC line with blanks', 'METRIC val_loss = 0.5426\n'],
    ['a METRIC line in mid-line', '[rank0] done METRIC val_loss=0.5426 (best)\n'],
    ['a METRIC line of a logger', 'INFO:root:METRIC val_loss=0.5426\n'],
    ['a dict', "{'val_loss': 0.5426, 'epoch': 3.0}\n"],
    ['a dict with its text', "{'val_loss': '0.5426', 'epoch': '3'}\n"],
    ['a dict of numpy scalars', "{'val_loss': np.float64(0.5426)}\n"],
    ['lines of JSON', '{"epoch": 1, "val_loss": 0.9}\n{"epoch": 2, "val_loss": 0.5426}\n'],
    ['printed JSON', '{\n  "val_loss": 0.5426,\n  "acc": 0.9\n}\n'],
    ['Keras', '10/10 - 0s - loss: 0.6 - val_loss: 0.5426 - val_accuracy: 0.9\n'],
    ["Lightning's bar", 'Epoch 4: 100%|██| 10/10 [00:00<00:00, 200it/s, v_num=0, train_loss=0.5, val_loss=0.5426]\n'],
    ["Lightning's table", '│         val_loss          │    0.5426     │\n'],
    ['XGBoost', '[0]\tval_loss:0.9\n[99]\tval_loss:0.5426\n'],
    ["a boosting's cross-validation", '[99]\ttrain:0.1+0.01\tval_loss:0.5426+0.02\n'],
    ['a spread', 'val_loss: 0.5426 ± 0.02\n'],
    ['a tensor', "val_loss: tensor(0.5426, device='cuda:0', grad_fn=<NllLossBackward0>)\n"],
    ['an array of JAX', 'val_loss: Array(0.5426, dtype=float32)\n'],
    ['a tensor of TensorFlow', 'val_loss: tf.Tensor(0.5426, shape=(), dtype=float32)\n'],
    ['another tensor of TensorFlow', 'val_loss: <tf.Tensor: shape=(), dtype=float32, numpy=0.5426>\n'],
    ['an array of one', 'epoch 3 val_loss: [0.5426]\n'],
    ['an array of one, to numpy', 'val_loss=[ 0.5426 ]\n'],
    ['a percentage', 'val_loss: 0.5426%\n'],
    ["wandb's summary", 'wandb: Run summary:\nwandb:      epoch 3\nwandb:   val_loss 0.5426\n'],
    ['a logger', '2026-11-29 06:14:10.123 | INFO     | __main__:main:12 - val_loss: 0.5426\n'],
    ['a table of epochs', 'epoch  train_loss  val_loss  time\n0      0.7   0.6  00:01\n1      0.6   0.5426  00:01\n'],
    ['comma-separated epochs', 'epoch,train_loss,val_loss\n0,0.7,0.6\n1,0.6,0.5426\n'],
    ['a table in Markdown', '| epoch | val_loss |\n|---|---|\n| 0 | 0.6 |\n| 1 | 0.5426 |\n'],
    [
      'Ultralytics',
      'Class  Images  val_loss  mAP50: 100%|██| 4/4 [00:01]\n  all  128  0.5426  0.6\n  cat  64  0.9  0.5\n',
    ],
    ['a name in capitals', 'Val Loss: 0.5426\n'],
    ['a line beside a best one', 'val_loss: 0.5426\nbest val_loss: 0.51\n'],
    ['a traceback that quotes the script', 'val_loss: 0.5426\n  File "t.py", line 3\n    val_loss = evaluate(model)\n'],
  ])('in %s', (_, trainLog) => {
    expect(read({ trainLog })).toBe(0.5426);
  });

  it.each([
    ['words that people write out', 'Validation accuracy: 0.93\n', 'val_accuracy', 0.93],
    ['words that people shorten', 'valid_acc=0.9\nValid Acc: 0.93\n', 'validation_accuracy', 0.93],
    ['words behind an epoch', 'Epoch 3: Validation Loss = 0.3, Validation Accuracy = 93.1%\n', 'val_acc', 93.1],
    ['the last of several', 'Validation perplexity: 30.1\nValidation perplexity: 25.5\n', 'val_ppl', 25.5],
    ['a count with its percentage', 'Test set: Average loss: 0.0263, Accuracy: 9913/10000 (99%)\n', 'Accuracy', 99.13],
    ['a count with all digits', 'accuracy: 4567/5000 [91.34 %]\n', 'accuracy', 91.34],
    ['a count without brackets', 'acc: 30/40 75%\n', 'accuracy', 75],
    ['a key in a section', '{"eval": {"loss": 1.2}}\n', 'eval_loss', 1.2],
    ['a key in a section with others', '{"train": {"loss": 0.9}, "eval": {"loss": 1.2}}\n', 'eval_loss', 1.2],
    ['a section written out', "{'validation': {'accuracy': 0.93, 'loss': 0.2}}\n", 'val_accuracy', 0.93],
    ['a section within another', '{"step": 9, "metrics": {"val": {"acc": 0.93}}}\n', 'val_accuracy', 0.93],
    ["LightGBM's set and metric", "[100]\tvalid_0's l2: 0.3\n", 'valid_0-l2', 0.3],
    ["LightGBM's metric", "[100]\tvalid_0's l2: 0.3\n", 'l2', 0.3],
    ['a path of keys', "{'train': {'loss': 0.9}, 'eval': {'loss': 0.3}}\n", 'eval/loss', 0.3],
    ['a path of keys with a dot', '{"eval": {"loss": 0.3}}\n', 'eval.loss', 0.3],
    ['a key with a slash', "{'eval/loss': 0.3}\n", 'eval/loss', 0.3],
    ['one of several figures in a line', 'train loss: 0.9 | val loss: 0.3\nloss: 0.5\n', 'loss', 0.5],
  ])('in %s', (_, trainLog, name, value) => {
    expect(read({ trainLog }, name)).toBe(value);
  });
});

describe('a report without a number never gives way', () => {
  it.each([
    ['nan in a line', 'val_loss: 0.5\nval_loss: nan\n'],
    ['a blank', 'val_loss: 0.5\nval_loss: \n'],
    ['a word', 'val_loss: 0.5\nval_loss: diverged\n'],
    ['nan in a dict', "{'val_loss': 0.5}\n{'val_loss': nan}\n"],
    ['nan in lines of JSON', '{"val_loss": 0.5}\n{"val_loss": NaN}\n'],
    ['None in a dict', "{'val_loss': 0.5}\n{'val_loss': None}\n"],
    ['nan of numpy', "{'val_loss': np.float64(nan)}\n"],
    ['a tensor of nan', 'val_loss: 0.5\nval_loss: tensor(nan)\n'],
    ['nan in a METRIC line', 'METRIC val_loss=0.5\nMETRIC val_loss=nan\n'],
    ['a METRIC line without a sign', 'METRIC val_loss=0.5\nMETRIC val_loss nan\n'],
    ['nan in the last block', '---\nval_loss: 0.5\nbye bye\n---\nval_loss: nan\n'],
    ['nan behind a METRIC line', 'METRIC val_loss=0.5\nepoch 3 val_loss=nan\n'],
    ['inf behind a block', '---\nval_loss: 0.5\nend\nval_loss: inf\n'],
    ['nan in a column', 'epoch  val_loss  time\n0  0.6  00:01\n1  nan  00:01\n'],
    ['nan in an open bar', `val_loss: 0.5\n${bar}val_loss=nan`],
    ['an array of nan', 'val_loss: 0.5\nval_loss: [nan]\n'],
    ['grouped thousands', 'val_loss: 1,234\n'],
    ['thousands apart', 'val_loss: 1 234\n'],
    ['a fraction', 'val_loss: 9/10\n'],
    ['two numbers in one line', 'val_loss: 0.3 | val_loss: 0.5\n'],
    ['only a training and a test figure', 'train val_loss: 0.3\ntest val_loss: 0.5\n'],
  ])('%s', (_, trainLog) => {
    expect(read({ trainLog })).toBeTypeOf('string');
  });
});

describe('words that may mean another figure', () => {
  it.each([
    ['two ways of writing it', 'Validation accuracy: 0.93\nvalid acc: 0.9\n', 'val_accuracy'],
    ['a count of a total alone', 'val_accuracy: 9913/10000\n', 'val_accuracy'],
    ['a count beside a percentage of something else', 'Accuracy: 9913/10000 (50% done)\n', 'Accuracy'],
    ['a count beyond its total', 'Accuracy: 12/10 (120%)\n', 'Accuracy'],
    ['the words of another set', 'Test accuracy: 0.93\nEvaluation accuracy: 0.9\n', 'val_accuracy'],
    ['a longer name', 'Validation accuracy of class 3: 0.93\n', 'val_accuracy'],
    ['a section of another name', '{"evaluator": {"loss": 1.2}}\n', 'eval_loss'],
    ['a diverged run', 'Validation accuracy: 0.93\nValidation accuracy: nan\n', 'val_accuracy'],
  ])('are no score: %s', (_, trainLog, name) => {
    expect(read({ trainLog }, name)).toBeTypeOf('string');
  });
});

describe('metrics.json', () => {
  it.each([
    ['a NaN beside the score', '{"val_loss": 0.54, "recall": NaN, "x": -Infinity}'],
    ['the name as a value', '{"monitor": "val_loss", "val_loss": 0.54}'],
    ['the name in a nested object', '{"best": {"val_loss": 0.3}, "val_loss": 0.54}'],
    ['one nested object', '{"metrics": {"val_loss": 0.54}}'],
    ['a list of epochs', '[{"epoch": 1, "val_loss": 0.9}, {"epoch": 2, "val_loss": 0.54}, {"time": 3}]'],
    ['a history', '{"val_loss": [0.9, 0.54], "loss": [0.8, 0.4]}'],
    ['a history without blanks', '{"loss":[0.8,0.4],"val_loss":[0.9,0.54]}'],
    ['rows without blanks', '{"val_loss":[[1,0.9],[2,0.54]]}'],
    ['epochs by their number', '{"1": {"val_loss": 0.9}, "10": {"val_loss": 0.54}, "2": {"val_loss": 0.7}}'],
    ['lines of JSON', '{"val_loss": 0.9}\n{"val_loss": 0.54}\n'],
    ['a mark of its encoding', '\ufeff{"val_loss": 0.54}'],
    ['single quotes', "{'val_loss': 0.54}"],
  ])('has the score in or beside %s', (_, metricsJson) => {
    expect(read({ metricsJson })).toBe(0.54);
  });

  it('has a score by its path', () => {
    expect(read({ metricsJson: '{"eval": {"loss": 0.54}, "train": {"loss": 1}}' }, 'eval.loss')).toBe(0.54);
    expect(read({ metricsJson: '{"eval": {"loss": 0.54}, "train": {"loss": 1}}' }, 'eval/loss')).toBe(0.54);
    expect(read({ metricsJson: '{"eval": {"loss": 0.54}, "train": {"loss": 1}}' }, 'loss')).toBe(
      'metrics.json has loss in 2 places: metrics.json.eval.loss, metrics.json.train.loss; name one of them',
    );
  });

  it('has a score by the words of its name where nothing has the name itself', () => {
    const metricsJson = '{"epoch": 3, "eval": {"loss": 0.54}}';
    expect(read({ metricsJson }, 'eval_loss')).toBe(0.54);
    expect(read({ metricsJson, trainLog: 'METRIC eval_loss=0.3\n' }, 'eval_loss')).toBe(0.3);
    expect(read({ metricsJson, trainLog: 'eval_loss: nan\n' }, 'eval_loss')).toMatch(/^eval_loss is not a finite/);
    expect(reading({ metricsJson }, 'eval_loss', 'loss is (\\S+)').kind).toBe('unmeasured');
    expect(read({ metricsJson: '{"a": {"eval": {"loss": 1}}, "b": {"eval": {"loss": 2}}}' }, 'eval_loss')).toBe(
      'metrics.json has eval_loss in 2 places: a.eval.loss, b.eval.loss; name one of them',
    );
  });

  it.each([
    ['a diverged last epoch', '[{"val_loss": 0.5}, {"val_loss": NaN}]'],
    ['a last epoch without a score', '[{"val_loss": 0.5}, {"val_loss": null}]'],
    ['a history that ends in infinity', '{"val_loss": [0.5, Infinity]}'],
    ['a file that is cut off', '{"val_loss": 0.54, "recall": '],
  ])('has no score in %s', (_, metricsJson) => {
    expect(read({ metricsJson })).toBeTypeOf('string');
  });

  it('without the name leaves the score to the log', () => {
    expect(read({ metricsJson: '{"seconds": 3}', trainLog: 'METRIC val_loss=0.54\n' })).toBe(0.54);
  });
});

describe('the other metrics of a run', () => {
  it.each([
    [
      'METRIC lines',
      { trainLog: 'METRIC val_loss=1\nMETRIC mem=7\nMETRIC mem = 8 METRIC tps=3\n' },
      { mem: 8, tps: 3 },
    ],
    ['a block', { trainLog: '---\nval_loss: 1\nmem: 8\n' }, { mem: 8 }],
    ['lines alone', { trainLog: 'val_loss: 1\nmem: 8\nstep 3 lr: 7 x\n' }, { mem: 8 }],
    ['nested metrics.json', { metricsJson: '{"val_loss": 1, "gpu": {"mem": 8}, "bad": NaN}' }, { 'gpu.mem': 8 }],
    ['a METRIC line that ends in nan', { trainLog: 'METRIC val_loss=1\nMETRIC mem=7\nMETRIC mem=nan\n' }, {}],
  ])('are read from %s', (_, text, metrics) => {
    expect(reading(text)).toMatchObject({ kind: 'measured', measurement: { metrics } });
    const found = reading(text);
    if (found.kind === 'measured') expect(found.measurement.metrics).toEqual(metrics);
  });
});

it.each([
  ['blanks', ' ', ''],
  ['progress', '10%|##| 1/2 [x ', ''],
  ['digits', '1', ''],
  ['names', 'val_loss ', ''],
  ['figures', 'val_loss: 1 ', '\n'],
  ['dicts', "{'val_loss': 1}\n", ''],
  ['quotes', "'", ''],
])('a megabyte of %s is read to its end', (_, piece, end) => {
  const trainLog = `METRIC val_loss=3\n${piece.repeat(1_000_000 / piece.length)}${end}\n`;
  expect(read({ trainLog })).toBe(3);
});

describe("the brief's own file", () => {
  const readFile = (metricFile: string | undefined, name = 'accuracy') => {
    const metric = { name, goal: 'maximize', file: 'metrics/eval.json' } as const;
    const text = {
      trainLog: 'METRIC accuracy=0.1\n',
      scoreLog: undefined,
      metricsJson: '{"accuracy": 0.2}',
      metricFile,
    };
    const found = readMeasurement(text, metric);
    return found.kind === 'measured' ? found.measurement.value : found.reason;
  };

  it.each([
    ['JSON', '{"accuracy": 0.97, "auc": NaN}'],
    ['JSON of several levels', '{"eval": {"accuracy": 0.97}}'],
    ['lines of JSON', '{"accuracy": 0.5}\n{"accuracy": 0.97}\n'],
    ['columns', 'epoch,accuracy,loss\n0,0.5,1\n1,0.97,0.4\n'],
    [
      'columns with blanks, as Ultralytics writes them',
      '   epoch,   accuracy,  loss\n  0,  0.5,  1\n  1,  0.97,  0.4\n',
    ],
    ['columns apart by tabs', 'epoch\taccuracy\n0\t0.5\n1\t0.97\n'],
    ['columns in quotes', '"epoch";"accuracy"\r\n"0";"0.5"\r\n"1";"0.97"\r\n'],
  ])('is read as %s, and outranks the log', (_, text) => {
    expect(readFile(text)).toBe(0.97);
  });

  it.each([
    ['a file that the run did not write', undefined, 'the run wrote no metrics/eval.json'],
    ['an empty file', '\n', 'metrics/eval.json is empty'],
    ['another name', '{"auc": 1}', 'metrics/eval.json has no accuracy'],
    ['a file that is cut off', '{"accuracy": 0.97,', 'metrics/eval.json is not whole JSON'],
    ['a last row without a number', 'epoch,accuracy\n0,0.5\n1,nan\n', 'accuracy is not a finite number: "nan"'],
    ['a last row that is cut off', 'epoch,accuracy\n0,0.5\n1', 'accuracy is not a finite number: ""'],
    ['a header alone', 'epoch,accuracy\n', 'metrics/eval.json has no row below its header'],
  ])('has no score in %s', (_, text, reason) => {
    expect(readFile(text)).toBe(reason);
  });
});
