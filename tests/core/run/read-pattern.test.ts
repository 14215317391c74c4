import { describe, expect, it } from 'vitest';
import { isNotFound } from '../../../src/core/run/found.ts';
import { readPattern } from '../../../src/core/run/read-pattern.ts';

/** The number that a pattern reads in a log, or what stands where one should. */
function read(pattern: string, log: string): number | string {
  const { found } = readPattern(log, 'acc', pattern);
  return isNotFound(found) ? (found.said ?? found.reason) : found.value;
}

const patterns = [
  'acc=([\\d.]+)',
  'acc=(\\S+)',
  'acc=(.*)',
  'acc\\D*([\\d.]+)',
  'acc=-?([\\d.]+)',
  'acc=([\\d.]+).*',
  '.*acc=([\\d.]+)',
  '(?:acc=([\\d.]+))+',
];

describe.each(patterns)('the pattern %s', (pattern) => {
  it.each([
    ['0.93', 0.93],
    ['9.5e-05', 9.5e-5],
    ['1E+2', 100],
    ['-0.52', -0.52],
    ['+0.5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['91.2%', 91.2],
    ['0.5, loss=1', 0.5],
    ['  0.5', 0.5],
    ['0.5 (best 0.4)', 0.5],
    ['np.float64(0.54)', 0.54],
    ["tensor(2.31, device='cuda:0', grad_fn=<NllLossBackward0>)", 2.31],
    ['Array(0.5, dtype=float32)', 0.5],
  ])('reads the whole of %s', (text, value) => {
    expect(read(pattern, `acc=0.81\nacc=${text}\nbye\n`)).toBe(value);
  });

  it.each([
    'nan',
    'NaN',
    'inf',
    '-inf',
    '1,234',
    '1,234.5',
    '12abc',
    '0x1f',
    '1_000',
    '0.9.9',
    '0:01:23',
    '9/10',
    '',
    '--',
    'tensor(nan)',
    '1.#QNAN',
    '-1.#IND',
  ])('reads nothing in %j, nor an older number', (text) => {
    expect(read(pattern, `acc=0.81\nepoch 2 acc=0.93\nacc=${text}\n`)).toBeTypeOf('string');
  });
});

it('a group between words keeps to them', () => {
  expect(read('Accuracy: (\\d+)/', 'Accuracy: 9908/10000 (99%)')).toBe(9908);
  expect(read('Accuracy: ([-+.\\w]+)', 'Accuracy: 9908/10000 (99%)')).toBe(99.08);
  expect(read('Accuracy: ([-+.\\w]+)', 'Accuracy: 9908/10000 (50% done)')).toBeTypeOf('string');
  expect(read('took ([\\d.]+)s', 'took 12.5s')).toBe(12.5);
  expect(read('took ([\\d.]+)s', 'took 12.5s\ntook nans')).toBe('nans');
  expect(read('"acc": ([\\d.]+),', '{"acc": 0.5,"loss": 1}')).toBe(0.5);
  expect(read('loss=([\\d.]+) final', 'loss=0.5 final\nloss=0.7 epoch')).toBe(0.5);
});

it('a pattern without words of its own takes no prose for a lost score', () => {
  expect(read('^([\\d.]+)$', '0.5\nbye bye\n')).toBe(0.5);
  expect(read('^([\\d.]+)$', '0.5\nnan\n')).toBe('nan');
  expect(read('([\\d.]+) acc', '0.5 acc\nnan acc')).toBe('nan');
});

it('a number that is skipped on the way to another is no score', () => {
  expect(read('acc.*?([\\d.]+)', 'acc=0.9\nacc=nan (epoch 3)')).toBeTypeOf('string');
});

it('says when nothing matches', () => {
  expect(read('acc=([\\d.]+)', 'loss: 1')).toBe('nothing in the log matches acc=([\\d.]+)');
});

describe('a later match whose other numbers are lost', () => {
  const pattern = 'acc ([\\d.]+) f1 [\\d.]+';
  it.each([
    ['acc ([\\d.]+) f1 [\\d.]+', 'acc 0.8 f1 0.7\nacc nan f1 nan'],
    ['loss \\d+\\.\\d+ acc (\\S+)', 'loss 0.8 acc 0.7\nloss -inf acc nan'],
    ['^\\d+,[0-9.]+,([0-9.]+)', '1,0.8,acc\n1,0.8,0.7\n2,nan,nan'],
    ['loss: [-\\d.]{3,}, acc: ([\\d.]+)', 'loss: 0.81, acc: 0.7\nloss: None, acc: None'],
  ])('is no score by %s', (expression, log) => {
    expect(read(expression, log)).toMatch(/nan|None/);
  });

  it('has the score where the group has a number', () => {
    expect(read(pattern, 'acc 0.8 f1 0.7\nacc 0.6 f1 nan')).toBe(0.6);
    expect(read('[^\\d]+([\\d.]+)', 'acc 0.8\nacc 0.6')).toBe(0.6);
  });
});
