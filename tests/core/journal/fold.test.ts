import { expect, it } from 'vitest';
import { createFold, foldHistory } from '../../../src/core/journal/fold.ts';
import { countedRuns, experimentOf, valuesOf } from '../../../src/core/journal/history.ts';
import { lostRuns } from '../../../src/core/run/lost-runs.ts';
import { createJournal, failed, fakeHash, scored, session } from '../../helpers/journal.ts';
import { busySlots } from '../../helpers/slots-study.ts';

it('an empty journal has no history', () => {
  expect(foldHistory([])).toBeUndefined();
});

it('a journal that does not begin with the start is a bug', () => {
  const { entries } = createJournal().baseline(scored(2));
  expect(() => foldHistory(entries.slice(1))).toThrow('a journal begins with study-started');
});

it('a started study has a baseline without runs, and stands at its start', () => {
  const history = createJournal().history();
  expect(history).toMatchObject({ incumbent: 0, tip: fakeHash('commit', 0), kept: 0, sinceKeep: 0, refusedInARow: 0 });
  expect(history.experiments).toEqual([
    { experiment: 0, proposedAt: history.startedAt, runs: [], judgedRuns: 0, isBranchMoved: true },
  ]);
});

it('a keep makes the incumbent, the tip and the count', () => {
  const history = createJournal().baseline(scored(2)).experiment(scored(1.9), 'keep').history();
  expect(history).toMatchObject({ incumbent: 1, tip: fakeHash('keep', 1), kept: 1, sinceKeep: 0 });
});

it('the baseline is no keep that counts', () => {
  expect(createJournal().baseline(scored(2)).history()).toMatchObject({ kept: 0, incumbent: 0, sinceKeep: 0 });
});

it('experiments without a keep are counted, and a keep starts the count anew', () => {
  const journal = createJournal().baseline(scored(2)).experiment(scored(3), 'revert').experiment(failed(), 'revert');
  expect(journal.history()).toMatchObject({ sinceKeep: 2, incumbent: 0 });
  expect(journal.experiment(scored(1), 'keep').history()).toMatchObject({ sinceKeep: 0, incumbent: 3 });
});

it('lost and cancelled runs say nothing about the candidate', () => {
  const results = [failed('lost'), scored(2), failed('cancelled'), failed('crashed')];
  const record = experimentOf(
    createJournal()
      .baseline(...results)
      .history(),
    0,
  );
  expect(record.runs).toHaveLength(4);
  expect(countedRuns(record).map((run) => run.run)).toEqual([2, 4]);
  expect(valuesOf(record)).toEqual([2]);
});

it('a stop is noted at the runs in flight, of experiments and of confirmations, and is no live time', () => {
  const journal = createJournal().baseline(scored(2));
  const { lastAt } = journal.history();
  journal
    .add({
      event: 'confirmation-planned',
      confirmation: 1,
      experiment: 0,
      split: 'validation',
      reason: 'no scorer',
      runs: 2,
      isAblated: false,
      contenders: [{ contender: 'baseline', commit: fakeHash('commit', 0) }],
      inseparable: [],
    })
    .add({ event: 'confirmation-run-started', confirmation: 1, contender: 'baseline', run: 1, seed: 9 })
    .add({ event: 'stop-requested', by: 'SIGHUP' });
  expect(journal.whole().heldOut.confirmations[0]?.contenders[0]?.runs[0]).toMatchObject({ isStopped: true });
  expect(journal.history().experiments[0]?.runs[0]).not.toHaveProperty('isStopped');
  expect(journal.history().lastAt).toBe(lastAt);

  journal.add({ event: 'run-started', experiment: 0, run: 2, seed: 2 }).add({ event: 'stop-requested', by: 'SIGINT' });
  expect(journal.history().experiments[0]?.runs[1]).toMatchObject({ isStopped: true });
});

it('a run knows its slot where the journal says one', () => {
  const journal = createJournal().add({ event: 'run-started', experiment: 0, run: 1, seed: 1 });
  journal.add({ event: 'run-started', experiment: 0, run: 2, seed: 2, slot: 1 });
  const [alone, second] = journal.history().experiments[0]?.runs ?? [];
  expect(alone).not.toHaveProperty('slot');
  expect(second).toMatchObject({ slot: 1 });
});

it('refusals are counted until an experiment is numbered', () => {
  const refusal = {
    event: 'proposal-refused',
    experiment: 1,
    researcher: 'grid',
    title: 'x',
    reason: 'again',
  } as const;
  const journal = createJournal()
    .baseline(scored(2))
    .add({ ...refusal, attempt: 0 })
    .add({ ...refusal, attempt: 1 });
  expect(journal.history().refusedInARow).toBe(2);
  const history = journal.experiment(scored(3), 'revert').history();
  expect(history.refusedInARow).toBe(0);
  expect(history.refusals.map(({ attempt }) => attempt)).toEqual([0, 1]);
});

it('equal content is remembered as the experiment that tried it first', () => {
  const journal = createJournal().baseline(scored(2)).experiment(scored(3), 'revert');
  const [first] = journal.entries.filter((entry) => entry.event === 'candidate-committed' && entry.experiment === 1);
  if (first?.event !== 'candidate-committed') throw new Error('there is a candidate');
  journal.experiment(scored(3), 'revert').add({ ...first, experiment: 2 });
  expect(journal.history().contents.get('content 1')).toBe(1);
});

it('a resumed study counts live time only, and is no longer stopped', () => {
  const journal = createJournal().baseline(scored(2));
  journal.add({ event: 'study-stopped', reason: 'experiments', detail: '' });
  const minutes = journal.entries.length - 1;
  expect(journal.history().stopped).toEqual({ reason: 'experiments', detail: '' });
  const history = journal
    .add({ event: 'study-resumed', session: { ...session, stop: { hours: 2 } }, changed: ['stop'], isolation: 'B' })
    .history();
  expect(history.stopped).toBeUndefined();
  expect(history).toMatchObject({ earlierSeconds: minutes * 60, isolation: 'B', session: { stop: { hours: 2 } } });
});

it('the clock going backwards costs no live time', () => {
  const [start] = createJournal().entries;
  if (start?.event !== 'study-started') throw new Error('it starts');
  const fold = createFold();
  fold.add(start);
  fold.add({ event: 'study-resumed', session, changed: [], isolation: 'none', seq: 2, at: '2020-01-01T00:00:00.000Z' });
  expect(fold.history()?.earlierSeconds).toBe(0);
});

it('a failed baseline gets another chance in the next session', () => {
  const journal = createJournal();
  journal.add({ event: 'candidate-committed', experiment: 0, commit: 'a', tree: 'b', content: 'c' });
  journal.add({ event: 'run-started', experiment: 0, run: 1, seed: 1 });
  journal.add({ event: 'run-ended', experiment: 0, run: 1, result: failed() });
  expect(countedRuns(experimentOf(journal.history(), 0))).toHaveLength(1);
  journal.add({ event: 'study-resumed', session, changed: [], isolation: 'none' });
  expect(countedRuns(experimentOf(journal.history(), 0))).toHaveLength(0);
});

it('a baseline that was judged keeps its runs, whatever they were', () => {
  const journal = createJournal().baseline(scored(2), failed());
  journal.add({ event: 'study-resumed', session, changed: [], isolation: 'none' });
  expect(countedRuns(experimentOf(journal.history(), 0))).toHaveLength(2);
});

it('experiments are numbered without gaps', () => {
  const journal = createJournal().baseline(scored(2)).experiment(scored(1), 'keep');
  const made = journal.entries.find((entry) => entry.event === 'proposal-made');
  if (made?.event !== 'proposal-made') throw new Error('there is a proposal');
  expect(() => journal.add({ ...made, experiment: 3 }).history()).toThrow('numbered without gaps, found 3');
});

it('an entry about an experiment that nobody proposed is a bug', () => {
  const journal = createJournal().add({ event: 'run-started', experiment: 4, run: 1, seed: 1 });
  expect(() => journal.history()).toThrow('experiment 4 before it speaks of it');
});

it('an experiment that is not there is a bug', () => {
  expect(() => experimentOf(createJournal().history(), 1)).toThrow('experiment 1 is in the journal');
});

it('calls are added up: tokens of every kind, dollars, and those without a price or a count', () => {
  const call = {
    event: 'model-called',
    experiment: 1,
    attempt: 0,
    purpose: 'proposal',
    model: 'm',
    outcome: 'answer',
  } as const;
  const journal = createJournal()
    .baseline(scored(2))
    .add({ ...call, usage: { uncachedInput: 1, cachedInput: 20, cacheWrite: 300, output: 4000 }, usd: 0.5 })
    .add({ ...call, usage: { uncachedInput: 50_000, cachedInput: 0, cacheWrite: 0, output: 0 }, model: 'n' })
    .add({
      ...call,
      usage: { uncachedInput: 0, cachedInput: 0, cacheWrite: 0, output: 0 },
      usd: 0.25,
      isUnmetered: true,
    });
  expect(journal.history().spent).toEqual({
    tokens: 54_321,
    usd: 0.75,
    unpricedCalls: 1,
    unmeteredCalls: 1,
    model: 'm',
  });
});

it('a new name of the study is its tag, and the time until then is not live', () => {
  const journal = createJournal().baseline(scored(2));
  const { lastAt, startedAt } = journal.history();
  const entry = {
    event: 'study-renamed',
    tag: 'later',
    seq: journal.entries.length + 1,
    at: '2030-01-01T00:00:00.000Z',
  } as const;
  expect(foldHistory([...journal.entries, entry])).toMatchObject({
    tag: 'later',
    lastAt,
    startedAt,
    lastSeq: entry.seq,
  });
});

const handIn = { event: 'handed-in', hypothesis: '', files: { 'train.py': 'x = 1' }, from: 0 } as const;

it('what is handed in days after a study stopped is no live time', () => {
  const journal = createJournal().baseline(scored(2));
  journal.add({ event: 'study-stopped', reason: 'hours', detail: '' });
  const { lastAt } = journal.history();
  expect(journal.add({ ...handIn, experiment: 1, id: 'a', title: 'one' }).history()).toMatchObject({
    lastAt,
    handedIn: [{ experiment: 1 }],
  });
});

it('a study that begins anew still has what was handed in, unless that edits what it does not any more', () => {
  const journal = createJournal();
  journal.add({ ...handIn, experiment: 1, id: 'a', title: 'one' });
  journal.add({ ...handIn, experiment: 2, id: 'b', title: 'two' });
  const [start] = journal.entries;
  if (start?.event !== 'study-started') throw new Error('it starts');
  const again = { ...start, seq: 4 };
  expect(foldHistory([...journal.entries, again])?.handedIn.map(({ id }) => id)).toEqual(['a', 'b']);
  const other = { ...again, frozen: { ...start.frozen, edit: ['other.py'] } };
  expect(foldHistory([...journal.entries, other])?.handedIn).toEqual([]);
});

it('what began in this session is told by the order of the journal, not by a clock that was set back', () => {
  const journal = createJournal();
  journal.add({ event: 'candidate-committed', experiment: 0, commit: 'a', tree: 'b', content: 'c' });
  journal.add({ event: 'run-started', experiment: 0, run: 1, seed: 1 });
  journal.add({ event: 'run-ended', experiment: 0, run: 1, result: failed('lost') });
  const moved = journal.entries.map((entry, at) => (at < 1 ? entry : { ...entry, at: '2024-11-23T19:00:00.000Z' }));
  const history = foldHistory(moved);
  if (!history) throw new Error('it has started');
  expect(lostRuns(history, experimentOf(history, 0))).toHaveLength(1);
  expect(experimentOf(history, 0).runs[0]?.isOrphaned).toBeUndefined();
});

it('the candidate of a proposal that was dropped before it ran was tried by nobody', () => {
  const { contents, experiments } = busySlots().history();
  expect([...contents]).toEqual(expect.arrayContaining([['content 1', 1]]));
  expect(contents.has('content 3')).toBe(false);
  expect(experiments[3]?.candidate).toBeDefined();
});
