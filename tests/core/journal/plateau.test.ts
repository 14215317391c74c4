import { expect, test } from 'vitest';
import { isPlateau } from '../../../src/core/journal/plateau.ts';
import { createJournal, failed, scored } from '../../helpers/journal.ts';

test('fifteen experiments without a keep are a plateau, failures included, and a keep ends it', () => {
  const journal = createJournal().baseline(scored(2));
  for (let number = 1; number <= 14; number++) journal.experiment(number % 2 ? scored(3) : failed(), 'revert');
  expect(journal.history().sinceKeep).toBe(14);
  expect(isPlateau(journal.history())).toBe(false);
  journal.experiment(scored(3), 'revert');
  expect(journal.history().sinceKeep).toBe(15);
  expect(isPlateau(journal.history())).toBe(true);
  expect(isPlateau(journal.experiment(scored(1), 'keep').history())).toBe(false);
});

test('experiments without a verdict are no misses', () => {
  const journal = createJournal().baseline(scored(2));
  for (let number = 1; number <= 15; number++) journal.experiment(scored(3), number === 15 ? 'rerun' : 'revert');
  expect(journal.history().sinceKeep).toBe(15);
  expect(isPlateau(journal.history())).toBe(false);
});
