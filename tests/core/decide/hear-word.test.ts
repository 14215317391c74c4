import { expect, it, test } from 'vitest';
import { hearWord } from '../../../src/core/decide/hear-word.ts';
import { isFinished } from '../../../src/core/views/study-state.ts';
import { createJournal, scored, session } from '../../helpers/journal.ts';

const limited = () =>
  createJournal({ session: { ...session, stop: { experiments: 40, hours: 0.1 } } }).baseline(scored(2));

it('a pause of a study that has stopped is refused with what it stopped for', () => {
  const journal = limited().add({ event: 'study-stopped', reason: 'hours', detail: '' });
  expect(hearWord(journal.history(), { kind: 'pause' }, 'a')).toMatchObject({
    kind: 'refused',
    reason: 'Study nov23 has stopped (hours), so there is nothing to pause.',
  });
});

it('a word that the journal has is known', () => {
  const journal = limited().add({ event: 'study-paused', id: 'a' });
  expect(hearWord(journal.history(), { kind: 'pause' }, 'a')).toEqual({ kind: 'known' });
  expect(hearWord(journal.history(), { kind: 'pause' }, 'b')).toMatchObject({ kind: 'refused' });
});

test.each([
  [{ experiments: 20 }, { experiments: 40 }, { experiments: 60 }],
  [{ hours: 0.2 }, { hours: 0.1 }, { hours: 0.3 }],
])('an extension by %j raises the limit as it stands', (by, from, to) => {
  expect(hearWord(limited().history(), { kind: 'extend', by }, 'a')).toEqual({
    kind: 'entry',
    entry: { event: 'stop-extended', id: 'a', from, to },
  });
});

it('a second extension raises what the first has raised', () => {
  const journal = limited().add({ event: 'stop-extended', id: 'a', from: { hours: 0.1 }, to: { hours: 5 } });
  const heard = hearWord(journal.history(), { kind: 'extend', by: { hours: 1 } }, 'b');
  expect(heard).toMatchObject({ entry: { from: { hours: 5 }, to: { hours: 6 } } });
});

it('a study is finished no longer once the rule that ended it is raised', () => {
  const journal = limited().add({ event: 'study-stopped', reason: 'experiments', detail: '' });
  const hours = { event: 'stop-extended', id: 'a', from: { hours: 0.1 }, to: { hours: 1 } } as const;
  expect(isFinished(journal.add(hours).history())).toBe(true);
  const experiments = { ...hours, id: 'b', from: { experiments: 40 }, to: { experiments: 41 } };
  expect(isFinished(journal.add(experiments).history())).toBe(false);
});
