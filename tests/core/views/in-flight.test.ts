import { expect, it } from 'vitest';
import { runName, runsInFlightOf, waitingExperiments } from '../../../src/core/views/in-flight.ts';
import { countsText, statusOfStudy } from '../../../src/core/views/status.ts';
import { createJournal, scored } from '../../helpers/journal.ts';
import { beginSlots, busySlots } from '../../helpers/slots-study.ts';

const now = '2024-11-24T22:01:00.000Z';

it('every run in flight is there with its slot and its time, in the order of the slots', () => {
  const runs = runsInFlightOf(busySlots().whole(), now);
  expect(runs.map(runName)).toEqual(['slot 0: experiment 5', 'slot 2: experiment 4']);
  expect(runs[1]).toMatchObject({ title: 'DEPTH -> 8', seconds: expect.any(Number), since: expect.any(String) });
  expect(runsInFlightOf(busySlots().whole())[0]).not.toHaveProperty('seconds');
});

it('what is proposed and has no run in flight waits, also for a further run', () => {
  expect(waitingExperiments(busySlots().history())).toEqual([6]);
  const { journal, ...study } = beginSlots();
  study.propose(1, { title: 't', hypothesis: '', kind: 'code', edits: [] });
  study.start(1, 0);
  expect(waitingExperiments(journal.history())).toEqual([]);
  study.end(1, 1.5);
  expect(waitingExperiments(journal.history())).toEqual([1]);
});

it('the runs of a baseline on several slots are told apart', () => {
  const journal = createJournal();
  for (const run of [1, 2]) journal.add({ event: 'run-started', experiment: 0, run, seed: run, slot: run - 1 });
  expect(runsInFlightOf(journal.whole(), now).map(runName)).toEqual([
    'slot 0: baseline run 1',
    'slot 1: baseline run 2',
  ]);
  expect(waitingExperiments(journal.history())).toEqual([]);
});

it('the status has the slots, the runs in flight and what waits, and counts what was dropped apart from failures', () => {
  const status = statusOfStudy(busySlots().whole(), now, true);
  expect(status).toMatchObject({ slots: 4, waiting: [6], kept: 1, reverted: 1, failed: 0, dropped: 1 });
  expect(status.inFlight?.map(({ experiment }) => experiment)).toEqual([5, 4]);
  expect(countsText(status)).toBe('6 experiments: 1 kept, 1 reverted, 0 failed, 1 dropped, 3 running');
  const plain = statusOfStudy(createJournal().baseline(scored(2)).whole(), now, false);
  for (const key of ['slots', 'inFlight', 'waiting', 'dropped']) expect(plain).not.toHaveProperty(key);
});
