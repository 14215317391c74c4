import { expect, test } from 'vitest';
import { goalOfLedger } from '../../../src/core/imported/ledger-goal.ts';
import { parseLedger } from '../../../src/core/imported/parse-ledger.ts';

const ledger = (metric: string, ...kept: readonly number[]) => {
  const rows = kept.map((value, index) => `${index}\t${value}\t1\tkeep\tx`);
  return parseLedger([`commit\t${metric}\tmemory_gb\tstatus\tdescription`, ...rows].join('\n'), 'results.tsv');
};

test.each([
  ['val_bpb', [1.1, 1.0], 'minimize'],
  ['val_auc', [0.7, 0.8], 'maximize'],
  ['val_auc', [0.7], 'maximize'],
] as const)('a ledger of %s says its direction by the name of its metric', (name, kept, goal) => {
  expect(goalOfLedger(ledger(name, ...kept), undefined, 'results.tsv')).toBe(goal);
});

test('a goal that is given wins over the name', () => {
  expect(goalOfLedger(ledger('val_auc', 0.8, 0.7), 'minimize', 'results.tsv')).toBe('minimize');
});

test('a name that does not say which way is better is an error that shows which way the keeps went', () => {
  expect(() => goalOfLedger(ledger('score', 0.7, 0.8), undefined, 'results.tsv')).toThrow(
    'results.tsv: the name `score` does not say which way is better; its kept rows go from 0.7000 to 0.8000.',
  );
});

test('keeps that get worse by what the name says are an error, and no report says "better by -0.1"', () => {
  expect(() => goalOfLedger(ledger('val_acc', 0.8, 0.9, 0.7), undefined, 'results.tsv')).toThrow(
    'the name `val_acc` means `--goal maximize`, but its kept rows go from 0.8000 to 0.7000, which is worse.',
  );
});
