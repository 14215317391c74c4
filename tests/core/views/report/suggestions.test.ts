import { describe, expect, it } from 'vitest';
import { experimentRows } from '../../../../src/core/journal/experiment-row.ts';
import { pooledNoise } from '../../../../src/core/journal/noise.ts';
import { suggestionsOf } from '../../../../src/core/views/report/suggestions.ts';
import { createJournal, failed, scored, session } from '../../../helpers/journal.ts';

const begun = (space: Record<string, string> = {}) =>
  createJournal({ session: { ...session, space } }).baseline(scored(2.0), scored(2.1), scored(2.2));
const adviceOf = (journal: ReturnType<typeof begun>) =>
  suggestionsOf(journal.history(), experimentRows(journal.history()), pooledNoise(journal.history()));
const linesOf = (journal: ReturnType<typeof begun>) => adviceOf(journal).map(({ line }) => line);

describe('what is suggested for the brief', () => {
  it('is nothing while there is too little to go by', () => {
    expect(linesOf(begun().experiment(scored(1), 'keep'))).toEqual([]);
  });

  it('is a wider range when the best value lies at an end of it', () => {
    const journal = begun({ LR: 'int 1..4' });
    for (const value of [1.9, 1.8, 1.7, 1.6]) journal.experiment(scored(value), 'keep');
    expect(adviceOf(journal)[0]).toEqual({
      line: 'space: { LR: … }   # now int 1..4',
      reason: 'The best LR is 4, at the upper end of its range; widen it there.',
    });
  });

  it('is less memory when experiments ran out of it', () => {
    const journal = begun().experiment(scored(3), 'revert').experiment(scored(3), 'revert');
    journal.experiment(failed('out-of-memory'), 'revert').experiment(failed('out-of-memory'), 'revert');
    expect(adviceOf(journal)[0]?.reason).toBe('2 of 4 experiments failed: out of memory.');
  });

  it('is another kind of idea after 20 misses in a row, and not before', () => {
    const journal = begun();
    const reasons = () => adviceOf(journal).map(({ reason }) => reason);
    for (let number = 0; number < 19; number++) journal.experiment(scored(3), 'revert');
    expect(reasons()).not.toContainEqual(expect.stringContaining('were not kept'));
    journal.experiment(scored(3), 'revert');
    expect(reasons()).toContainEqual(expect.stringContaining('The last 20 experiments were not kept'));
  });

  it('is a later plateau rule where the brief stops a study before 40 misses', () => {
    const stopping = (plateau: number) => {
      const journal = createJournal({ session: { ...session, stop: { plateau } } }).baseline(scored(2));
      for (let number = 0; number < 4; number++) journal.experiment(scored(3), 'revert');
      return adviceOf(journal);
    };
    expect(stopping(40)).toEqual([]);
    expect(stopping(10)).toMatchObject([{ line: 'stop: { plateau: 40 }   # now 10' }]);
    expect(stopping(10)[0]?.reason).toMatch(
      /a stop after 10 misses would have cost 74 % of 76 public studies \(24 repositories/,
    );
  });
});
