import { expect, test } from 'vitest';
import { goalOfLedger } from '../../../src/core/imported/ledger-goal.ts';
import { readTextLedger } from '../../../src/core/imported/read-text.ts';

const partsOf = (text: string) => readTextLedger(text, 'results.tsv').parts;
const ledger = (metric: string, ...rows: readonly (readonly [number, string])[]) =>
  partsOf([`commit\t${metric}\tstatus\tdescription`, ...rows.map(([v, s], i) => `c${i}\t${v}\t${s}\tx`)].join('\n'));
const kept = (metric: string, ...values: readonly number[]) =>
  ledger(metric, ...values.map((v) => [v, 'keep'] as const));

test.each([
  ['val_bpb', [1.1, 1.0], 'minimize'],
  ['val_auc', [0.7, 0.8], 'maximize'],
  ['val_auc', [0.7], 'maximize'],
  ['val_acc', [0.8, 0.9, 0.7], 'maximize'],
  ['score', [0.7], 'maximize'],
  ['Val Loss (↓)', [0.9, 0.8], 'minimize'],
] as const)('a ledger of %s with the keeps %j is to %s by the name of its metric', (name, keeps, goal) => {
  expect(goalOfLedger(kept(name, ...keeps), undefined, 'r')).toMatchObject({ goal, from: 'name' });
});

test('a goal that is given wins over the name', () => {
  expect(goalOfLedger(kept('val_auc', 0.8, 0.7), 'minimize', 'r')).toMatchObject({ goal: 'minimize', from: 'asked' });
});

test.each([
  [
    'the only keep after the baseline',
    [
      [5, 'keep'],
      [4, 'keep'],
    ],
    'minimize',
  ],
  [
    'discarded rows that were lower',
    [
      [5, 'keep'],
      [4, 'discard'],
      [3, 'discard'],
    ],
    'maximize',
  ],
  [
    'keeps that went one way for most of their way',
    [
      [10, 'keep'],
      [30, 'keep'],
      [29, 'keep'],
      [80, 'keep'],
      [79, 'keep'],
      [78, 'keep'],
      [90, 'keep'],
    ],
    'maximize',
  ],
] as const)('a name that says nothing is read by the course of the ledger: %s', (_, rows, goal) => {
  expect(goalOfLedger(ledger('foo', ...rows), undefined, 'r')).toMatchObject({ goal, from: 'rows' });
});

test('a zero that was discarded says nothing of the direction', () => {
  const parts = ledger('foo', [5, 'keep'], [0, 'discard'], [0, 'discard'], [0, 'discard'], [4, 'keep']);
  expect(goalOfLedger(parts, undefined, 'r').goal).toBe('minimize');
});

test('a plain course beats a name that people use both ways, and says so', () => {
  expect(goalOfLedger(kept('score', 9, 8, 7), undefined, 'r')).toMatchObject({
    goal: 'minimize',
    from: 'rows',
    note: "`score` is read as lower is better: 2 of the ledger's 2 decisions say so, although its name means the opposite",
  });
});

test('two decisions do not beat a name that is known', () => {
  expect(goalOfLedger(kept('val_loss', 1, 1.1, 1.2), undefined, 'r').goal).toBe('minimize');
});

test('neither a name nor a course is an error that says what to type', () => {
  expect(() => goalOfLedger(kept('foo', 0.7, 0.8, 0.7, 0.8), undefined, 'results.tsv')).toThrow(
    'results.tsv: nothing says which way `foo` is better: neither the file, nor the name, nor its kept rows, which go from 0.7000 to 0.8000.',
  );
});

test('a direction in a comment or a column of the file wins over the name', () => {
  const comment = partsOf('# metric_direction: higher_is_better\ncommit\tval_loss\tstatus\na\t1\tkeep\n');
  const column = partsOf('commit\tval_loss\tdirection\tstatus\na\t1\tmaximize\tkeep\nb\t2\tmaximize\tkeep\n');
  for (const parts of [comment, column]) {
    expect(goalOfLedger(parts, undefined, 'r')).toMatchObject({ goal: 'maximize', from: 'file' });
  }
});

test('a ledger without a score asks for no direction', () => {
  expect(goalOfLedger(partsOf('commit\tfoo_score\tstatus\na\t-\tcrash\n'), undefined, 'r').goal).toBe('maximize');
});
