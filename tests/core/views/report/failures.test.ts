import { expect, test } from 'vitest';
import { failuresOf } from '../../../../src/core/views/report/failures.ts';
import { createJournal, failed, fakeHash } from '../../../helpers/journal.ts';

test('a baseline without a score, which no verdict speaks of, says why', () => {
  const begun = createJournal().add({
    event: 'candidate-committed',
    experiment: 0,
    commit: fakeHash('commit', 0),
    tree: fakeHash('tree', 0),
    content: 'content 0',
  });
  const history = begun
    .add({ event: 'run-started', experiment: 0, run: 1, seed: 1 })
    .add({ event: 'run-ended', experiment: 0, run: 1, result: failed('crashed', "KeyError: 'train'") })
    .history();
  expect(failuresOf(history)).toEqual([
    {
      outcome: 'crashed',
      reason: "KeyError: 'train'",
      experiments: [{ experiment: 0, title: 'baseline' }],
      evidence: 'Traceback',
    },
  ]);
});
