import { expect, test } from 'vitest';
import type { Edit } from '../../../../src/core/journal/proposal.ts';
import type { RunResult } from '../../../../src/core/journal/run.ts';
import type { KnobValues } from '../../../../src/core/space/knob-change.ts';
import { experimentsToRead, trialsOf } from '../../../../src/core/space/trials/trials.ts';
import { turnKnobs } from '../../../../src/testing/index.ts';
import { createJournal, failed, fakeHash, type Journal, scored } from '../../../helpers/journal.ts';
import { beginSlots, busySlots } from '../../../helpers/slots-study.ts';

const set = (knob: string, to: number): Edit => ({ kind: 'set-knob', file: 'train.py', knob, to });
const code: Edit = { kind: 'replace', file: 'train.py', find: 'a', replace: 'b' };

/** Adds one experiment: its edits, its results and whether it is kept. */
function add(
  journal: Journal,
  edits: Edit[],
  results: readonly RunResult[],
  decision: 'keep' | 'revert' | 'none',
): void {
  const experiment = journal.history().experiments.length;
  const kind = edits.includes(code) ? ('code' as const) : ('knobs' as const);
  const proposal = { title: 't', hypothesis: '', kind, edits };
  const parent = journal.history().incumbent;
  journal.add({ event: 'proposal-made', experiment, attempt: 0, parent, researcher: 'x', proposal });
  for (const [index, result] of results.entries()) {
    journal.add({ event: 'run-started', experiment, run: index + 1, seed: 1 });
    journal.add({ event: 'run-ended', experiment, run: index + 1, result });
  }
  if (decision === 'none') return;
  const kept = decision === 'keep' ? { kept: fakeHash('keep', experiment) } : {};
  journal.add({ event: 'verdict-given', experiment, verdict: { decision, reason: '' }, ...kept });
}

const start: KnobValues = { 'train.py:LR': 0.1, 'train.py:WIDTH': 8 };
const trialsWith = (journal: Journal, read: readonly (readonly [number, KnobValues])[] = []) =>
  trialsOf(journal.history(), new Map([[0, start], ...read]));

test('a trial is the full vector of its knobs: what its parent had, and what it turned', () => {
  const journal = createJournal().baseline(scored(2), scored(2.25));
  add(journal, [set('LR', 0.2)], [scored(1.5)], 'keep');
  add(journal, [set('WIDTH', 16)], [scored(1.75)], 'revert');
  add(journal, [set('WIDTH', 32)], [], 'none');
  expect(trialsWith(journal)).toEqual({
    finished: [
      { experiment: 0, values: start, scores: [2, 2.25] },
      { experiment: 1, values: { 'train.py:LR': 0.2, 'train.py:WIDTH': 8 }, scores: [1.5] },
      { experiment: 2, values: { 'train.py:LR': 0.2, 'train.py:WIDTH': 16 }, scores: [1.75] },
    ],
    running: [{ 'train.py:LR': 0.2, 'train.py:WIDTH': 32 }],
  });
});

test('a failure has no scores, even where another run of it had one; lost runs do not count', () => {
  const journal = createJournal().baseline(scored(2));
  add(journal, [set('LR', 1)], [failed('out-of-memory')], 'revert');
  add(journal, [set('LR', 2)], [scored(1), failed('crashed')], 'revert');
  add(journal, [set('LR', 3)], [failed('lost'), scored(1)], 'revert');
  expect(trialsWith(journal).finished.map(({ scores }) => scores)).toEqual([[2], [], [], [1]]);
});

test('a metric to maximise is turned round', () => {
  const frozen = { ...createJournal().history().frozen, metric: { name: 'acc', goal: 'maximize' as const } };
  const journal = createJournal({ frozen }).baseline(scored(0.5));
  expect(trialsWith(journal).finished[0]?.scores).toEqual([-0.5]);
});

test('earlier trials are shifted by what later code keeps changed, and only by them', () => {
  const journal = createJournal().baseline(scored(2));
  add(journal, [set('LR', 0.2)], [scored(1.5)], 'keep');
  add(journal, [code], [scored(1)], 'keep');
  add(journal, [set('LR', 0.4)], [scored(1.25)], 'revert');
  add(journal, [code], [scored(1.125)], 'keep');
  add(journal, [code], [scored(9)], 'revert');
  const kept = { 'train.py:LR': 0.2, 'train.py:WIDTH': 8 };
  const trials = trialsWith(journal, [
    [2, kept],
    [4, kept],
  ]);
  expect(experimentsToRead(journal.history())).toEqual([0, 2, 4]);
  expect(trials.finished.map(({ experiment, scores }) => [experiment, scores])).toEqual([
    [0, [2 - 0.5 + 0.125]],
    [1, [1.5 - 0.5 + 0.125]],
    [2, [1 + 0.125]],
    [3, [1.25 + 0.125]],
    [4, [1.125]],
  ]);
});

test('a knob that came later had the value that it came with; one that went is kept aside', () => {
  const journal = createJournal().baseline(scored(2));
  add(journal, [set('LR', 0.2)], [scored(1.5)], 'revert');
  add(journal, [code], [scored(1)], 'keep');
  add(journal, [set('DEPTH', 4)], [scored(1.25)], 'revert');
  const trials = trialsWith(journal, [[2, { 'train.py:LR': 0.1, 'train.py:DEPTH': 2 }]]);
  expect(trials.finished.map(({ values }) => [values['train.py:LR'], values['train.py:DEPTH']])).toEqual([
    [0.1, 2],
    [0.2, 2],
    [0.1, 2],
    [0.1, 4],
  ]);
});

test('a renamed knob keeps what was tried under its old name', () => {
  const journal = createJournal().baseline(scored(2));
  add(journal, [set('LR', 0.2)], [scored(1.5)], 'revert');
  add(journal, [code], [scored(1)], 'keep');
  const trials = trialsWith(journal, [[2, { 'train.py:PEAK_LR': 0.1, 'train.py:WIDTH': 8 }]]);
  expect(trials.finished.map(({ values }) => values['train.py:PEAK_LR'])).toEqual([0.1, 0.2, 0.1]);
});

test('what is in flight or waits for a slot is running, and what was dropped is no trial', () => {
  const { finished, running } = trialsWith(busySlots());
  const kept = { ...start, 'train.py:LR': 0.1 };
  expect(finished.map(({ experiment }) => experiment)).toEqual([0, 1, 2]);
  expect(running).toEqual([
    { ...kept, 'train.py:DEPTH': 8 },
    { ...kept, 'train.py:WIDTH': 16 },
    { ...kept, 'train.py:SEED': 3 },
  ]);
});

test('a trial that moved on to an experiment with a higher number has the knobs of that', () => {
  const study = beginSlots();
  study.propose(1, turnKnobs({ WIDTH: 16 }));
  study.propose(2, turnKnobs({ LR: 0.2 }));
  study.start(2, 0);
  study.end(2, 1.5);
  study.keep(2);
  study.move(1, 2, turnKnobs({ WIDTH: 16 }));
  expect(trialsWith(study.journal).running).toEqual([{ 'train.py:LR': 0.2, 'train.py:WIDTH': 16 }]);
});

test('scores are shifted by the code that was kept after their parent, whatever its number', () => {
  const study = beginSlots();
  const written = { title: 't', hypothesis: '', kind: 'code' as const, edits: [code] };
  study.propose(1, written);
  study.start(1, 0);
  study.propose(2, written);
  study.start(2, 1);
  study.end(2, 1.5);
  study.keep(2);
  study.propose(3, turnKnobs({ LR: 0.2 }), { parent: 2 });
  study.start(3, 1);
  study.end(3, 1.75);
  study.revert(3);
  study.move(1, 2, written);
  study.end(1, 1.25);
  study.keep(1);
  const { finished } = trialsWith(study.journal, [
    [1, start],
    [2, start],
  ]);
  expect(finished.map(({ experiment, scores }) => [experiment, scores])).toEqual([
    [0, [2 - 0.5 - 0.25]],
    [1, [1.25]],
    [2, [1.5 - 0.25]],
    [3, [1.75 - 0.25]],
  ]);
});

test('of trials on code that was taken out, what that brought is taken off, and its knobs are gone', () => {
  const journal = createJournal().baseline(scored(2));
  const own = { ...start, 'train.py:WARMUP': 5 };
  add(journal, [code], [scored(1.5)], 'keep');
  journal.add({ event: 'branch-moved', experiment: 1, commit: fakeHash('keep', 1) });
  add(journal, [set('LR', 0.2)], [scored(1.25)], 'keep');
  journal.add({ event: 'branch-moved', experiment: 2, commit: fakeHash('keep', 2) });
  add(journal, [set('WIDTH', 16)], [scored(1.75)], 'revert');
  journal.add({ event: 'withdrawal-asked', id: 'a', experiment: 1 });
  journal.add({ event: 'keep-withdrawn', experiment: 1 });
  expect(experimentsToRead(journal.history())).toEqual([0, 1]);
  expect(trialsWith(journal, [[1, own]]).finished).toEqual([
    { experiment: 0, values: start, scores: [2] },
    { experiment: 2, values: { ...start, 'train.py:LR': 0.2 }, scores: [1.75] },
    { experiment: 3, values: { ...start, 'train.py:LR': 0.2, 'train.py:WIDTH': 16 }, scores: [2.25] },
  ]);
  expect(journal.history()).toMatchObject({ incumbent: 0, kept: 0, overtaken: [2], withdrawals: 1, toWithdraw: [] });
});
