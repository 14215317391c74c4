import { expect, it } from 'vitest';
import { equalScoresWarning, idleEditWarnings, unreadWarning } from '../../../src/core/journal/idle-edits.ts';
import { createJournal, failed, scored } from '../../helpers/journal.ts';

const same = () => createJournal().baseline(scored(0.5), scored(0.5), scored(0.5));

it('two experiments with the very score of the baseline are told', () => {
  const history = same().experiment(scored(0.5), 'revert').experiment(scored(0.5), 'revert').history();
  expect(equalScoresWarning(history)).toMatch(/^Experiments 1 and 2 measured exactly what the baseline did, 0\.5/);
  expect(idleEditWarnings(history)).toHaveLength(1);
});

it.each([
  ['one experiment', same().experiment(scored(0.5), 'revert')],
  [
    'one that measured something, and one that failed',
    same().experiment(scored(0.5), 'revert').experiment(failed(), 'revert'),
  ],
  [
    'an experiment that differs',
    same().experiment(scored(0.5), 'revert').experiment(scored(0.5), 'revert').experiment(scored(0.4), 'keep'),
  ],
  [
    'a baseline whose runs differ',
    createJournal()
      .baseline(scored(0.5), scored(0.6))
      .experiment(scored(0.5), 'revert')
      .experiment(scored(0.5), 'revert'),
  ],
  ['no experiment', same()],
  ['nothing', createJournal()],
])('%s is no sign', (_, journal) => {
  expect(equalScoresWarning(journal.history())).toBeUndefined();
});

it('editable files that the baseline did not read are named', () => {
  const unread = createJournal().baseline({ ...scored(0.5), unread: ['model.py'] });
  expect(unreadWarning(unread.history())).toBe(
    'model.py was not read by the baseline: an edit of it changes nothing unless the training comes to read it.',
  );
  expect(unreadWarning(same().history())).toBeUndefined();
});
