import { expect, it } from 'vitest';
import { timeLimitOf } from '../../../src/core/run/time-limit.ts';
import { createJournal, scored, session } from '../../helpers/journal.ts';

/** A study of 5 s a run, whose brief has no `timeout:`. */
const unlimited = { session: { ...session, timeoutSeconds: 130 } };
const lasting = (seconds: number) => ({ ...scored(2), seconds });

it('the baseline may take three times the usual limit, where the brief names none', () => {
  expect(timeLimitOf(createJournal(unlimited).history(), 0)).toBe(390);
});

it('later runs may take half as long again as the slowest of the baseline, and two minutes', () => {
  const slow = createJournal(unlimited).baseline(lasting(200), lasting(300), lasting(250));
  expect(timeLimitOf(slow.history(), 1)).toBe(570);
  expect(timeLimitOf(slow.history(), 0)).toBe(570);
});

it('a quick baseline narrows nothing', () => {
  expect(timeLimitOf(createJournal(unlimited).baseline(lasting(3)).history(), 1)).toBe(130 + 0);
});

it("the brief's own limit holds for every run", () => {
  const journal = createJournal({ session: { ...session, timeoutSeconds: 20 } });
  expect(timeLimitOf(journal.history(), 0)).toBe(20);
  expect(timeLimitOf(journal.baseline(lasting(300)).history(), 1)).toBe(20);
});
