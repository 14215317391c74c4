import { expect, it } from 'vitest';
import type { EntryOf } from '../../../src/core/journal/entry.ts';
import { budgetAllowance } from '../../../src/core/run/budget-allowance.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const [start] = createJournal().entries as [EntryOf<'study-started'>];
const took = (trainSeconds: number) => ({ ...scored(2), trainSeconds });

it('nothing is forbidden while the baseline has no verdict', () => {
  expect(budgetAllowance(createJournal().history())).toEqual({ clock: 'wall' });
});

it('a tenth of the budget, twice what the slowest baseline needed beside it, and some slack are allowed', () => {
  const history = createJournal().baseline(took(6), took(8), took(5)).history();
  expect(budgetAllowance(history).mostSeconds).toBeCloseTo(5 * 1.1 + 2 * 3 + 30, 10);
});

it('CPU seconds have less slack', () => {
  const history = createJournal({ frozen: { ...start.frozen, budgetClock: 'cpu' } })
    .baseline(took(5))
    .history();
  const { clock, mostSeconds } = budgetAllowance(history);
  expect(clock).toBe('cpu');
  expect(mostSeconds).toBeCloseTo(5 * 1.1 + 2, 10);
});

it('a baseline that ended early gives no credit and takes none', () => {
  expect(budgetAllowance(createJournal().baseline(took(1)).history()).mostSeconds).toBeCloseTo(5 * 1.1 + 30, 10);
});

it('runs that were not timed forbid nothing', () => {
  expect(budgetAllowance(createJournal().baseline(scored(2)).history()).mostSeconds).toBeUndefined();
});
