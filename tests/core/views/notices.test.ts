import { describe, expect, it } from 'vitest';
import type { EntryBody } from '../../../src/core/journal/entry.ts';
import { createFold } from '../../../src/core/journal/fold.ts';
import { createNotices, type Notice } from '../../../src/core/views/notices.ts';
import { createJournal, failed, type Journal, scored, session } from '../../helpers/journal.ts';

/** The notices of all entries of a journal, each so many minutes after the one before, as a controller would have told them. */
function noticesOf({ entries }: Journal, minutes = 1): readonly Notice[] {
  const notices = createNotices();
  const fold = createFold();
  return entries.flatMap((entry, index) => {
    fold.add(entry);
    const history = fold.history();
    return history ? notices.of(entry, history, { at: entry.at, live: index * minutes * 60 }) : [];
  });
}

const titles = (notices: readonly Notice[]) => notices.map(({ kind, title }) => `${kind}: ${title}`);
const begun = (stop = {}) => createJournal({ session: { ...session, stop } }).baseline(scored(2), scored(2.01));
const stopped = (reason: string, detail: string) => ({ event: 'study-stopped', reason, detail }) as EntryBody;

describe('a new best', () => {
  it('is told with its score, and what it began with', () => {
    const journal = begun().experiment(scored(1.5), 'keep', 'Halve the rate');
    expect(noticesOf(journal)).toEqual([
      {
        kind: 'best',
        tag: 'nov23',
        title: 'nov23: new best val_bpb 1.5000',
        text: 'Experiment 1: Halve the rate\nval_bpb 2.0050 at the start',
      },
    ]);
  });

  it('is told at most every ten minutes, the latest of them', () => {
    const journal = begun();
    for (const value of [1.9, 1.8, 1.7]) journal.experiment(scored(value), 'keep', `to ${value}`);
    for (let number = 0; number < 4; number++) journal.experiment(scored(3), 'revert');
    const bests = noticesOf(journal, 0.5).filter(({ kind }) => kind === 'best');
    expect(bests.map(({ text }) => text.split('\n')[0])).toEqual(['Experiment 1: to 1.9', 'Experiment 3: to 1.7']);
  });
});

describe('trouble', () => {
  const away = { event: 'gpu-away', experiment: 1, kind: 'lost', reason: 'no devices' } as const;
  const model = {
    event: 'model-away',
    experiment: 1,
    model: 'openai:x',
    code: 'unauthorized',
    message: 'a key',
  } as const;

  it('is told once while it lasts, and again when it comes back', () => {
    const journal = begun()
      .add(away)
      .add(away)
      .add({ event: 'gpu-back', experiment: 1 })
      .add(away)
      .add(model)
      .add(model);
    expect(titles(noticesOf(journal))).toEqual([
      'trouble: nov23: waits for its GPU',
      'trouble: nov23: waits for its GPU',
      'trouble: nov23: openai:x is away',
    ]);
  });

  it('is a disk without room, which is no entry', () => {
    const journal = begun();
    const now = { at: '2024-11-23T23:00:00Z', live: 0 };
    const [notice] = createNotices().of({ event: 'room-awaited', free: 4096 }, journal.history(), now);
    expect(notice).toMatchObject({ kind: 'trouble', title: 'nov23: waits for room on the disk' });
  });

  it('is five experiments in a row without a score, told once', () => {
    const journal = begun();
    for (let number = 0; number < 7; number++) journal.experiment(failed('crashed', 'out of ideas'), 'revert');
    expect(noticesOf(journal)).toMatchObject([
      {
        kind: 'trouble',
        title: 'nov23: the last 5 experiments failed',
        text: expect.stringMatching(/^Experiment 5: .*out of ideas/),
      },
    ]);
  });

  it('is a study that could not go on', () => {
    expect(titles(noticesOf(begun().add(stopped('paused', 'the model refuses'))))).toEqual([
      'trouble: nov23: stopped, it could not go on',
    ]);
  });
});

describe('the budget', () => {
  it('is nearly spent from nine tenths of a limit on, said once for each', () => {
    const journal = begun({ experiments: 10, hours: 100, usd: 1 });
    for (let number = 0; number < 10; number++) journal.experiment(scored(3), 'revert');
    const call: EntryBody = {
      event: 'model-called',
      experiment: 10,
      attempt: 0,
      purpose: 'proposal',
      model: 'm',
      outcome: 'answer',
      usage: { uncachedInput: 1, cachedInput: 0, cacheWrite: 0, output: 0 },
      usd: 0.95,
    };
    const live = noticesOf(journal.add(call)).map(({ text }) => text);
    expect(live).toEqual([
      '9 experiments of 10 experiments are used; `nocturne extend --tag nov23` gives more.',
      '0.9500 USD of 1.0000 USD are used; `nocturne extend --tag nov23` gives more.',
    ]);
  });
});

describe('the end', () => {
  it('is told with what the study came to', () => {
    const journal = begun()
      .experiment(scored(1.5), 'keep')
      .experiment(scored(3), 'revert')
      .add(stopped('hours', '1 live hours; raise it'));
    expect(noticesOf(journal).at(-1)).toMatchObject({
      kind: 'finished',
      title: 'nov23: finished, val_bpb 2.0050 -> 1.5000',
      text: expect.stringMatching(
        /^2 experiments: 1 kept, 1 reverted, 0 failed, in .*\nStopped \(hours\): 1 live hours/,
      ),
    });
  });

  it('is not told to an owner who asked for it, but where a signal came from elsewhere', () => {
    expect(noticesOf(begun().add(stopped('stopped', 'stopped on request; run it again to go on')))).toEqual([]);
    expect(noticesOf(begun().add(stopped('stopped', 'stopped by SIGTERM, as a shutdown sends it')))).toHaveLength(1);
  });
});
