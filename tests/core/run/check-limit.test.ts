import { expect, test } from 'vitest';
import { checkLimitSeconds } from '../../../src/core/run/check-limit.ts';
import { createJournal } from '../../helpers/study-history.ts';

/** The limit in a study whose baseline's runs took this long, of a budget of 8 s, and were silent for so long. */
function limitAfter(trainSeconds: number, silence = 0): number {
  const journal = createJournal();
  journal.begin();
  for (const [at, entry] of journal.entries.entries()) {
    if (entry.event === 'run-ended')
      journal.entries[at] = { ...entry, result: { ...entry.result, trainSeconds, silence } };
  }
  return checkLimitSeconds(journal.history());
}

test('a check may take 20 seconds where runs are over when their budget is', () => {
  expect(limitAfter(8.5)).toBe(20);
});

test('a check may take twice what the runs took beside their budget, and two seconds', () => {
  expect(limitAfter(68)).toBe(122);
});

test('a check outlasts the silences of the runs', () => {
  expect(limitAfter(9, 40)).toBe(82);
});

test('no check takes more than five minutes', () => {
  expect(limitAfter(3608)).toBe(300);
});
