import { expect, test } from 'vitest';
import { guessBudget, shareDone } from '../../../src/core/draft/budget-guess.ts';

const by = (seconds: number, log: string) => guessBudget({ kind: 'at-limit', seconds, log });

test('a script that ends by itself gets half as much time again, in round seconds', () => {
  expect(guessBudget({ kind: 'by-itself', seconds: 0.02 })).toMatchObject({ seconds: 5, endsAtBudget: false });
  expect(guessBudget({ kind: 'by-itself', seconds: 14 })).toMatchObject({ seconds: 30, endsAtBudget: false });
  expect(guessBudget({ kind: 'by-itself', seconds: 4000 })).toMatchObject({ seconds: 7200, endsAtBudget: false });
});

test('what is seen of a longer one says how long it takes, else it is ended at its budget', () => {
  expect(by(100, 'epoch 2/4 loss 0.5\n')).toMatchObject({ seconds: 300, endsAtBudget: false });
  expect(by(100, 'epoch 1/100 loss 0.5\n')).toMatchObject({ seconds: 300, endsAtBudget: true });
  expect(by(100, 'loss 0.5\n')).toMatchObject({ seconds: 300, endsAtBudget: true });
});

test('a budget that the owner says is the budget, and ends what takes longer', () => {
  expect(guessBudget({ kind: 'by-itself', seconds: 40 }, 60)).toMatchObject({ seconds: 60, endsAtBudget: false });
  expect(guessBudget({ kind: 'by-itself', seconds: 40 }, 20)).toMatchObject({ seconds: 20, endsAtBudget: true });
  expect(guessBudget({ kind: 'by-budget' }, 20)).toMatchObject({ seconds: 20, endsAtBudget: false });
});

test('no run is ended before its score has come', () => {
  const late = { kind: 'at-limit', seconds: 70, log: '', scoreAfter: 50 } as const;
  expect(guessBudget(late, 30)).toMatchObject({ seconds: 120, endsAtBudget: true });
  expect(guessBudget(late, 90)).toMatchObject({ seconds: 90, endsAtBudget: true });
  expect(guessBudget({ ...late, scoreAfter: 280 })).toMatchObject({ seconds: 900, endsAtBudget: true });
  expect(guessBudget({ kind: 'by-itself', seconds: 100, scoreAfter: 10 }, 30)).toMatchObject({ seconds: 30 });
  expect(guessBudget({ kind: 'by-itself', seconds: 100, scoreAfter: 40 }, 30)).toMatchObject({ seconds: 90 });
});

test('a script that has its score at its end alone is not ended before it', () => {
  const atEnd = guessBudget({ kind: 'by-itself', seconds: 100, scoreAfter: 100 }, 30);
  expect(atEnd).toMatchObject({ seconds: 180, endsAtBudget: false });
});

test.each([
  ['epoch 3/10', 0.3],
  ['Epoch [5/20], Step [100/600]', 0.25],
  ['step 100 of 400', 0.25],
  [' 30%|███       | 30/100 [00:03<00:07]', 0.3],
  ['loss 0.5', undefined],
  ['epoch 10/10', undefined],
])('%j is %s done', (log, share) => {
  expect(shareDone(log)).toBe(share);
});
