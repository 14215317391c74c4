import { expect, it } from 'vitest';
import type { EntryOf } from '../../../src/core/journal/entry.ts';
import { budgetAllowance, speedOf } from '../../../src/core/run/budget-allowance.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const [start] = createJournal().entries as [EntryOf<'study-started'>];
const took = (trainSeconds: number) => ({ ...scored(2), trainSeconds });

it('nothing is forbidden while the baseline has no verdict', () => {
  expect(budgetAllowance(createJournal().history())).toEqual({ clock: 'wall' });
});

it('a tenth of the budget, twice what the slowest baseline needed beside it, and some slack are allowed', () => {
  const history = createJournal().baseline(took(6), took(8), took(5)).history();
  expect(budgetAllowance(history).maxSeconds).toBeCloseTo(5 * 1.1 + 2 * 3 + 30, 10);
});

it('CPU seconds have less slack', () => {
  const history = createJournal({ frozen: { ...start.frozen, budgetClock: 'cpu' } })
    .baseline(took(5))
    .history();
  const { clock, maxSeconds } = budgetAllowance(history);
  expect(clock).toBe('cpu');
  expect(maxSeconds).toBeCloseTo(5 * 1.1 + 2, 10);
});

it('a baseline that ended early gives no credit and takes none', () => {
  expect(budgetAllowance(createJournal().baseline(took(1)).history()).maxSeconds).toBeCloseTo(5 * 1.1 + 30, 10);
});

it('runs that were not timed forbid nothing', () => {
  expect(budgetAllowance(createJournal().baseline(scored(2)).history()).maxSeconds).toBeUndefined();
});

it('CPU seconds of a slow machine count as less, down to half; those of a fast one count as they are', () => {
  expect(speedOf('cpu', { reference_speed: 0.7 })).toBe(0.7);
  expect(speedOf('cpu', { reference_speed: 0.1 })).toBe(0.5);
  expect(speedOf('cpu', { reference_speed: 1.6 })).toBe(1);
  expect(speedOf('cpu', {})).toBe(1);
  expect(speedOf('wall', { reference_speed: 0.7 })).toBe(1);
});

it('what a baseline on a slow machine took beside its budget is counted at the reference speed', () => {
  const slow = { ...scored(2, { metrics: { reference_speed: 0.5 } }), trainSeconds: 12 };
  const history = createJournal({ frozen: { ...start.frozen, budgetClock: 'cpu' } })
    .baseline(slow)
    .history();
  expect(budgetAllowance(history).maxSeconds).toBeCloseTo(5 * 1.1 + 2 * 1 + 2, 10);
});
