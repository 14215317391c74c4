/** What a script says of its own score in two places. */
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../src/core/base/metric.ts';
import { type RunText, readMeasurement } from '../../../src/core/run/measurement.ts';

const metric: Metric = { name: 'val_loss', goal: 'minimize' };

/** The score, or why there is none. */
function read(trainLog: string, metricsJson?: string, asked: Partial<Metric> = {}, more: Partial<RunText> = {}) {
  const text = { trainLog, metricsJson, scoreLog: undefined, ...more };
  const reading = readMeasurement(text, { ...metric, ...asked });
  return reading.kind === 'measured' ? reading.measurement.value : reading.reason;
}

const differ = (first: string, second: string) => `void: its own figures for val_loss differ: ${first} and ${second}`;
const block = 'its block behind a line ---';

describe('a run is void whose script says', () => {
  it.each([
    [
      'one thing in its file and another in its block',
      '---\nval_loss: 0.5\n',
      '{"val_loss": 0.1}',
      ['0.1 in metrics.json', `0.5 in ${block}`],
    ],
    [
      'one thing in its file and another in its METRIC line',
      'METRIC val_loss=0.5\n',
      '{"val_loss": 0.1}',
      ['0.1 in metrics.json', '0.5 in its METRIC line'],
    ],
    [
      'one thing in its block and another in its METRIC line',
      'METRIC val_loss=0.7\n---\nval_loss: 0.5\n',
      undefined,
      [`0.5 in ${block}`, '0.7 in its METRIC line'],
    ],
    [
      'one thing in its file and another in its last line',
      'epoch 1\nval_loss: 0.5\n',
      '{"val_loss": 0.1}',
      ['0.1 in metrics.json', '0.5 in the line "val_loss: 0.5"'],
    ],
    [
      'one thing in its block and another behind it',
      '---\nval_loss: 0.1\nbye bye\nval_loss: 0.5\n',
      undefined,
      [`0.1 in ${block}`, '0.5 in the line "val_loss: 0.5"'],
    ],
    [
      'the third thing in a third place',
      'METRIC val_loss=0.5\n---\nval_loss: 0.50\n',
      '{"val_loss": 0.47}',
      ['0.47 in metrics.json', `0.5 in ${block}`],
    ],
    [
      'one thing deep in its file',
      '---\nval_loss: 0.5\n',
      '{"final": {"val_loss": 0.1}}',
      ['0.1 in metrics.json', `0.5 in ${block}`],
    ],
    [
      'figures that differ in the digit both print',
      '---\nval_loss: 0.5014\n',
      '{"val_loss": 0.5001}',
      ['0.5001 in metrics.json', `0.5014 in ${block}`],
    ],
    [
      'the same with the sign',
      '---\nval_loss: 0.5\n',
      '{"val_loss": -0.5}',
      ['-0.5 in metrics.json', `0.5 in ${block}`],
    ],
  ])('%s', (_, trainLog, metricsJson, [first = '', second = '']) => {
    expect(read(trainLog, metricsJson)).toBe(differ(first, second));
  });

  it('one thing where the brief’s pattern matches and another in its file', () => {
    expect(read('Validation: 0.5\n', '{"val_loss": 0.1}', { pattern: 'Validation: (\\S+)' })).toBe(
      differ('0.1 in metrics.json', '0.5 in what the pattern matches'),
    );
  });
});

describe('a run has its score whose script says', () => {
  it.each([
    ['the same, rounded', '---\nval_loss: 0.12\n', '{"val_loss": 0.123456}', 0.123456],
    ['the same, cut off', '---\nval_loss: 1.2345\n', '{"val_loss": 1.23456}', 1.23456],
    ['the same with the digits of a float', '---\nval_loss: 2.309999942779541\n', '{"val_loss": 2.31}', 2.31],
    ['the same as an exponent', 'METRIC val_loss=1.2e-05\n', '{"val_loss": 0.000012}', 0.000012],
    ['a share and its percentage', 'val_loss: 12.34%\n', '{"val_loss": 0.1234}', 0.1234],
    ['another figure each epoch', 'epoch 1 val_loss: 0.9\nepoch 2 val_loss: 0.5\n', '{"val_loss": 0.45}', 0.45],
    [
      'a METRIC line each epoch, and its best in a block',
      'METRIC val_loss=0.9\nMETRIC val_loss=0.95\n---\nval_loss: 0.9\n',
      undefined,
      0.9,
    ],
    [
      'a METRIC line before more training',
      'METRIC val_loss=0.9\nstep=200 loss=1.0\n---\nval_loss: 0.5\n',
      undefined,
      0.5,
    ],
    ['a block before more training', '---\nval_loss: 0.9\nstep 2\nstep 3\n', '{"val_loss": 0.5}', 0.5],
    ['an earlier block', '---\nval_loss: 0.9\n\nmore\n---\nval_loss: 0.5\n', '{"val_loss": 0.45}', 0.45],
    ['a history in its file', '---\nval_loss: 0.4\n', '{"val_loss": [0.9, 0.5]}', 0.5],
    ['a line of JSON each epoch', '---\nval_loss: 0.4\n', '{"val_loss": 0.9}\n{"val_loss": 0.5}\n', 0.5],
    ['another figure of training', 'train_loss: 0.3\ntrain val_loss: 0.3\n', '{"val_loss": 0.5}', 0.5],
    ['its best beside its last', 'best val_loss: 0.4\nval_loss: 0.5\n', '{"val_loss": 0.5}', 0.5],
    ['a figure of a longer name', '---\nval_loss_ema: 0.4\n', '{"val_loss": 0.5}', 0.5],
    ['a setting of that name', "val_loss = evaluate(model)\nconfig: {'val_loss': None}\n", '{"val_loss": 0.5}', 0.5],
  ])('%s', (_, trainLog, metricsJson, value) => {
    expect(read(trainLog, metricsJson)).toBe(value);
  });

  it('a loss of its training by the name of one word', () => {
    expect(read('done, loss: 0.3\n', '{"loss": 0.5}', { name: 'loss' })).toBe(0.5);
  });

  it('another thing than the file that the brief names, which is the owner’s choice', () => {
    const asked = { file: 'metrics/eval.json' };
    expect(read('---\nval_loss: 0.3\n', undefined, asked, { metricFile: '{"val_loss": 0.5}' })).toBe(0.5);
  });

  it('anything beside a scorer, which alone is heard', () => {
    const scoreLog = '---\nval_loss: 0.5\n';
    expect(read('---\nval_loss: 0.3\n', '{"val_loss": 0.1}', {}, { scoreLog })).toBe(0.5);
  });
});
