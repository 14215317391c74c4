import { describe, expect, it } from 'vitest';
import type { EntryBody } from '../../../src/core/journal/entry.ts';
import { statusOfStudy } from '../../../src/core/views/status.ts';
import { isWorkedOnIn, type StudyState, stateOf } from '../../../src/core/views/study-state.ts';
import { createJournal, failed, type Journal, scored, session } from '../../helpers/journal.ts';

const pause = { event: 'study-paused', id: 'a' } as const;
const resumed: Extract<EntryBody, { event: 'study-resumed' }> = {
  event: 'study-resumed',
  session,
  changed: [],
  isolation: 'B',
};
const gpuAway = { event: 'gpu-away', experiment: 0, kind: 'lost', reason: 'it fell off the bus' } as const;
const modelAway = { event: 'model-away', experiment: 1, model: 'openai:a', code: 'timeout', message: 'no' } as const;
const stopAsked = { event: 'stop-requested', by: 'request', isAfterExperiment: true } as const;
const stopped = (reason: 'experiments' | 'stopped' | 'paused') =>
  ({ event: 'study-stopped', reason, detail: 'so it is' }) as const;
const begun = () => createJournal().baseline(scored(2));
const failedBaseline = () =>
  createJournal()
    .add({ event: 'candidate-committed', experiment: 0, commit: 'c'.repeat(40), tree: 'e'.repeat(40), content: 'a' })
    .add({ event: 'run-started', experiment: 0, run: 1, seed: 1 })
    .add({ event: 'run-ended', experiment: 0, run: 1, result: failed() });
const byHand = { ...session, researcher: 'owner' };
const alone = { ...session, researcher: 'llm', model: 'openai:a' };

describe('while a controller works on it, a study', () => {
  it.each<[StudyState, string, Journal]>([
    ['running', 'that nothing holds up', begun()],
    ['paused', 'that its owner has paused', begun().add(pause)],
    ['running', 'whose pause has ended', begun().add(pause).add({ event: 'pause-ended', id: 'b' })],
    ['waiting', 'whose GPU is away', begun().add(gpuAway)],
    ['running', 'whose GPU is back', begun().add(gpuAway).add({ event: 'gpu-back', experiment: 0 })],
    [
      'waiting',
      'whose model is away and that has no stand-in',
      begun()
        .add({ ...resumed, session: alone })
        .add(modelAway),
    ],
    [
      'running',
      'whose stand-in proposes meanwhile',
      begun()
        .add({ ...resumed, session: { ...alone, fallback: 'random' } })
        .add(modelAway),
    ],
    ['waiting', 'to which only its owner hands experiments in', begun().add({ ...resumed, session: byHand })],
    ['stopping', 'that is to end after the experiments in hand', begun().add(stopAsked)],
    ['stopping', 'that is paused and is to end', begun().add(pause).add(stopAsked)],
    ['running', 'that was to end in the session before', begun().add(stopAsked).add(resumed)],
    ['running', 'that has stopped and is confirmed', begun().add(stopAsked).add(stopped('stopped'))],
  ])('is %s: one %s', (state, _, journal) => {
    expect(stateOf(journal.history(), true)).toBe(state);
    expect(isWorkedOnIn(state)).toBe(true);
  });

  it('has no time left to be told once it is stopping', () => {
    const status = (journal: Journal) => statusOfStudy(journal.whole(), journal.history().lastAt, true);
    expect(status(begun()).timeLeft).not.toBeNull();
    expect(status(begun().add(stopAsked)).timeLeft).toBeNull();
  });

  it('is waiting while its disk has no room, and says how much is free', () => {
    const journal = begun();
    const status = statusOfStudy(journal.whole(), journal.history().lastAt, true, undefined, { free: 12 });
    expect(status).toMatchObject({ state: 'waiting', roomAwaited: { free: 12 } });
  });
});

describe('where nobody works on it, a study', () => {
  it.each<[StudyState, string, Journal]>([
    ['finished', 'that a rule of its own ended', begun().add(stopped('experiments'))],
    ['unfinished', 'that its owner stopped', begun().add(stopped('stopped'))],
    ['unfinished', 'whose ideas came to nothing', begun().add(stopped('paused'))],
    ['unfinished', 'whose baseline has no score', failedBaseline()],
    ['interrupted', 'whose controller ended without a word', begun()],
    ['interrupted', 'whose controller ended so while it was paused', begun().add(pause)],
  ])('is %s: one %s', (state, _, journal) => {
    expect(stateOf(journal.history(), false)).toBe(state);
    expect(isWorkedOnIn(state)).toBe(false);
  });
});
