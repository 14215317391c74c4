import { describe, expect, it } from 'vitest';
import { liveHours, maxRefusalsInARow, stopOf } from '../../../src/core/decide/stopping.ts';
import type { EntryOf } from '../../../src/core/journal/entry.ts';
import { createFold } from '../../../src/core/journal/fold.ts';
import type { Session } from '../../../src/core/journal/kept-settings.ts';
import { createJournal, failed, type Journal, scored, session } from '../../helpers/journal.ts';

const [start] = createJournal().entries as [EntryOf<'study-started'>];

function study(stop: Session['stop'], goal: 'minimize' | 'maximize' = 'minimize'): Journal {
  const frozen = { ...start.frozen, metric: { name: 'score', goal } };
  return createJournal({ frozen, session: { ...session, stop } });
}

function reasonOf(journal: Journal, now = '2024-11-23T23:00:00.000Z'): string | undefined {
  return stopOf(journal.history(), { at: now })?.reason;
}

it('a study without rules never stops by itself', () => {
  const journal = study({}).baseline(scored(2));
  for (let index = 0; index < 50; index++) journal.experiment(failed(), 'revert');
  expect(reasonOf(journal, '2034-01-01T00:00:00.000Z')).toBeUndefined();
});

it('experiments are counted without the baseline', () => {
  const journal = study({ experiments: 1 }).baseline(scored(2));
  expect(reasonOf(journal)).toBeUndefined();
  expect(reasonOf(journal.experiment(failed(), 'revert'))).toBe('experiments');
});

it('hours are those of the live sessions', () => {
  const journal = study({ hours: 1 }).baseline(scored(2));
  const { startedAt } = journal.history();
  const after = (minutes: number) => new Date(Date.parse(startedAt) + minutes * 60_000).toISOString();
  expect(reasonOf(journal, after(59))).toBeUndefined();
  expect(reasonOf(journal, after(60))).toBe('hours');
});

it('the time between two sessions is not counted', () => {
  const journal = study({ hours: 1 }).baseline(scored(2));
  const live = journal.entries.length - 1;
  journal.add({ event: 'study-resumed', session: { ...session, stop: { hours: 1 } }, changed: [], isolation: 'none' });
  const { sessionStartedAt } = journal.history();
  expect(liveHours(journal.history(), { at: sessionStartedAt })).toBeCloseTo(live / 60, 10);
});

describe('a clock that is set meanwhile', () => {
  /** Two sessions of half an hour each, by their controllers' clocks; the wall clock was moved by hours within each. */
  function jumped(hours: number) {
    const fold = createFold();
    const at = (minutes: number, moved: number) => new Date(Date.UTC(2024, 10, 23, 22 + moved, minutes)).toISOString();
    const [start] = study({ hours: 1.5 }).entries;
    if (start?.event !== 'study-started') throw new Error('it starts');
    const note = { event: 'note-read', text: 'x' } as const;
    const resumed = {
      event: 'study-resumed' as const,
      session: start.session,
      changed: [] as string[],
      isolation: 'none',
    };
    fold.add({ ...start, at: at(0, 0), live: 7 });
    fold.add({ ...note, seq: 2, at: at(30, hours), live: 7 + 1800 });
    fold.add({ ...resumed, seq: 3, at: at(90, 0), live: 3 });
    fold.add({ ...note, seq: 4, at: at(120, hours), live: 3 + 1800 });
    const history = fold.history();
    if (!history) throw new Error('it has started');
    return history;
  }

  it.each([3, -3, 0])('by %d hours neither ends the study nor gives it more', (hours) => {
    const history = jumped(hours);
    const at = '2024-11-23T23:00:00.000Z';
    expect(liveHours(history, { at: history.lastAt })).toBeCloseTo(1, 10);
    expect(stopOf(history, { at, live: 3 + 3599 })).toBeUndefined();
    expect(stopOf(history, { at, live: 3 + 3600 })?.reason).toBe('hours');
  });

  it('a process that only looks adds the time since the last entry', () => {
    const history = jumped(3);
    const later = new Date(Date.parse(history.lastAt) + 600_000).toISOString();
    expect(liveHours(history, { at: later })).toBeCloseTo(1 + 1 / 6, 10);
  });
});

it.each([
  ['minimize', 2, 2, 'target'],
  ['minimize', 2, 1.9, 'target'],
  ['minimize', 2, 2.1, undefined],
  ['maximize', 2, 2.1, 'target'],
  ['maximize', 2, 1.9, undefined],
] as const)('a study that must %s to %d and is at %d stops for %s', (goal, target, value, reason) => {
  expect(reasonOf(study({ target }, goal).baseline(scored(value)))).toBe(reason);
});

it('the target is compared with the mean of the incumbent', () => {
  expect(reasonOf(study({ target: 2 }).baseline(scored(1.9), scored(2.3)))).toBeUndefined();
  const journal = study({ target: 2 }).baseline(scored(3)).experiment(scored(1.9), 'revert');
  expect(reasonOf(journal)).toBeUndefined();
});

it('a plateau is counted in experiments since the last keep', () => {
  const journal = study({ plateau: 2 }).baseline(scored(2)).experiment(failed(), 'revert');
  expect(reasonOf(journal)).toBeUndefined();
  expect(reasonOf(journal.experiment(scored(1), 'keep'))).toBeUndefined();
  expect(reasonOf(journal.experiment(failed(), 'revert').experiment(failed(), 'revert'))).toBe('plateau');
});

it('GPU hours are those of all runs, each times the GPUs that it could use', () => {
  const used = (seconds: number, gpus: number) => ({ ...failed(), seconds, conditions: { gpus } });
  const journal = study({ gpu_hours: 3 }).baseline({ ...scored(2), seconds: 3600, conditions: { gpus: 1 } });
  journal.experiment({ ...failed(), seconds: 7200 }, 'revert').experiment(used(2700, 2), 'revert');
  expect(journal.history().gpuSeconds / 3600).toBe(2.5);
  expect(reasonOf(journal)).toBeUndefined();
  journal.experiment({ ...used(1800, 1), outcome: 'cancelled' }, 'revert');
  expect(reasonOf(journal)).toBe('gpu-hours');
});

it('a hundred refusals in a row exhaust a study', () => {
  const journal = study({}).baseline(scored(2));
  for (let attempt = 0; attempt < maxRefusalsInARow; attempt++) {
    expect(reasonOf(journal)).toBeUndefined();
    journal.add({ event: 'proposal-refused', experiment: 1, attempt, researcher: 'grid', title: '', reason: '' });
  }
  expect(reasonOf(journal)).toBe('exhausted');
});

it('every stop by a rule says what to raise', () => {
  const journal = study({ experiments: 1 }).baseline(scored(2)).experiment(failed(), 'revert');
  expect(stopOf(journal.history(), { at: '2024-11-23T23:00:00.000Z' })?.detail).toBe(
    '1 experiment done; raise stop.experiments or --max-experiments to go on',
  );
});
