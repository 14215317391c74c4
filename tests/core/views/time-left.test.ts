import { describe, expect, test } from 'vitest';
import type { History } from '../../../src/core/journal/history.ts';
import type { StopRules } from '../../../src/core/journal/settings/stop-rules.ts';
import { statusOfStudy } from '../../../src/core/views/status.ts';
import { progressText, timeLeftOf, timeLeftText } from '../../../src/core/views/time-left.ts';
import { createJournal, type Journal, scored, session } from '../../helpers/journal.ts';

/** A baseline of three runs, then so many experiments of one run each; every entry is a minute after the one before. */
function studyOf(stop: StopRules & { gpu_hours?: number }, experiments: number, slots?: number): Journal {
  const journal = createJournal({ session: { ...session, stop, ...(slots && { slots }) } });
  journal.baseline(scored(2), scored(2.1), scored(2.2));
  for (let count = 0; count < experiments; count++) journal.experiment(scored(3), 'revert');
  return journal;
}

const leftOf = (history: History, isLive = true) => timeLeftOf(history, { at: history.lastAt }, isLive);

describe('when a study ends', () => {
  test.each<[what: string, stop: StopRules & { gpu_hours?: number }, experiments: number, expected: object]>([
    ['nothing bounds it', {}, 3, { rule: null, seconds: null, endsAt: null, sooner: [] }],
    ['a plateau alone', { plateau: 5 }, 3, { rule: null, seconds: null, sooner: ['plateau'] }],
    ['no experiment has its verdict', { experiments: 4 }, 0, { rule: 'experiments', used: 0, max: 4, seconds: null }],
    // From the end of the baseline on 20 minutes in which four runs ended: four are left, the first of which has had a minute.
    [
      'experiments',
      { experiments: 8 },
      4,
      { rule: 'experiments', used: 4, max: 8, seconds: expect.closeTo(4 * 300 - 60, 0) },
    ],
    // A run takes ten seconds, and the one in flight then goes on for half of that.
    [
      'hours end first',
      { experiments: 800, hours: 1 },
      4,
      { rule: 'hours', max: 1, seconds: expect.closeTo(3600 - 28 * 60 + 5, 0) },
    ],
    [
      'hours, and how many experiments they allow is not known',
      { experiments: 8, hours: 1 },
      0,
      { rule: 'hours', sooner: ['experiments'] },
    ],
    ['money of which nothing is spent', { usd: 5 }, 4, { rule: 'usd', used: 0, max: 5, seconds: null, endsAt: null }],
    ['the target may come first', { experiments: 8, target: 1 }, 4, { rule: 'experiments', sooner: ['target'] }],
  ])('%s', (_, stop, experiments, expected) => {
    expect(leftOf(studyOf(stop, experiments).history())).toMatchObject(expected);
  });

  test('is a time while the study runs, and only live time while it stands still or is paused', () => {
    const journal = studyOf({ experiments: 8 }, 4);
    const { lastAt } = journal.history();
    const { seconds, endsAt } = leftOf(journal.history());
    expect(Date.parse(endsAt ?? '') - Date.parse(lastAt)).toBeCloseTo((seconds ?? 0) * 1000, -1);
    expect(leftOf(journal.history(), false)).toMatchObject({ seconds: expect.any(Number), endsAt: null });
    journal.add({ event: 'study-paused', id: 'one' });
    expect(leftOf(journal.history())).toMatchObject({ seconds: expect.any(Number), endsAt: null });
  });

  test('a run in flight brings the end nearer as it goes on, and never makes it now', () => {
    const journal = studyOf({ experiments: 5 }, 4);
    journal.add({
      event: 'proposal-made',
      experiment: 5,
      attempt: 0,
      parent: 0,
      researcher: 'random',
      proposal: { title: 't', hypothesis: '', kind: 'code', edits: [] },
    });
    journal.add({ event: 'candidate-committed', experiment: 5, commit: 'c', tree: 't', content: 'x' });
    journal.add({ event: 'run-started', experiment: 5, run: 1, seed: 1 });
    const history = journal.history();
    const secondsAt = (seconds: number) => {
      const at = new Date(Date.parse(history.lastAt) + seconds * 1000).toISOString();
      return timeLeftOf(history, { at }, true).seconds ?? Number.NaN;
    };
    expect(secondsAt(5)).toBeLessThan(secondsAt(0));
    expect(secondsAt(3600)).toBeGreaterThan(0);
  });

  test('status has none for a study that has ended by its rule', () => {
    const journal = studyOf({ experiments: 4 }, 4);
    journal.add({ event: 'study-stopped', reason: 'experiments', detail: '4 experiments done' });
    expect(statusOfStudy(journal.whole(), journal.history().lastAt, false).timeLeft).toBeNull();
  });
});

test('it is told in words, and what is not known as that', () => {
  const known = {
    rule: 'hours',
    used: 2,
    max: 8,
    seconds: 7800,
    endsAt: '2024-11-24T06:40:00.000Z',
    sooner: ['plateau'],
  } as const;
  const show = (at: string) => at.slice(11, 16);
  expect(progressText(known)).toBe('2h 00m of 8h 00m');
  expect(timeLeftText(known, show)).toBe('about 2h 10m left, until 06:40; sooner by `plateau`');
  expect(timeLeftText({ ...known, endsAt: null, sooner: [] }, show)).toBe('about 2h 10m of live time left');
  expect(timeLeftText({ ...known, seconds: null }, show)).toBe('when it ends is not known yet');
  expect(timeLeftText({ ...known, rule: null, seconds: null }, show)).toBe('no stop rule tells when it ends');
  expect(progressText({ rule: 'usd', used: 0.5, max: 5 })).toBe('0.5000 of 5.0000 USD');
  expect(progressText({ rule: null, used: null, max: null })).toBeUndefined();
});
