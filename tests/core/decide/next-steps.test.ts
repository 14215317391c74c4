import { describe, expect, it } from 'vitest';
import { nextSteps, oneSlot } from '../../../src/core/decide/next-step.ts';
import type { Room } from '../../../src/core/decide/step.ts';
import type { EntryBody } from '../../../src/core/journal/entry.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { createJournal, failed, fakeHash, type Journal, scored, session } from '../../helpers/journal.ts';

const now = { at: '2024-11-23T23:00:00.000Z' };
const room: Room = { ...oneSlot, slots: 3, asks: 8 };
const stepsAfter = (journal: Journal, more: Partial<Room> = {}) =>
  nextSteps(journal.history(), now, { ...room, ...more }).map((step) => {
    if (step.kind === 'start-run') return `start ${step.experiment}/${step.run} in ${step.slot}`;
    return step.kind === 'await-run'
      ? `await ${step.experiment}/${step.run}`
      : `${step.kind} ${'experiment' in step ? step.experiment : ''}`;
  });

const proposed = (experiment: number, parent = 0): EntryBody[] => [
  {
    event: 'proposal-made',
    experiment,
    attempt: 0,
    parent,
    researcher: 'random',
    proposal: {
      title: 'LR',
      hypothesis: '',
      kind: 'knobs',
      edits: [{ kind: 'set-knob', file: 'train.py', knob: 'LR', to: experiment }],
    },
  },
  {
    event: 'candidate-committed',
    experiment,
    commit: fakeHash('commit', experiment),
    tree: fakeHash('tree', experiment),
    content: `content ${experiment}`,
  },
];
const started = (experiment: number, run: number, slot: number): EntryBody => {
  return { event: 'run-started', experiment, run, seed: run, slot };
};
const ended = (experiment: number, run: number, result: RunResult): EntryBody => {
  return { event: 'run-ended', experiment, run, result };
};
const verdict = (experiment: number, decision: 'rerun' | 'revert'): EntryBody => {
  return { event: 'verdict-given', experiment, verdict: { decision, reason: '' } };
};

function journalOf(...bodies: readonly (EntryBody | EntryBody[])[]): Journal {
  const journal = createJournal().baseline(scored(2), scored(2.1), scored(2.2));
  for (const body of bodies.flat()) journal.add(body);
  return journal;
}

describe('with three slots', () => {
  it('the baseline runs with its three seeds at once', () => {
    const journal = createJournal();
    const [, committed] = proposed(0);
    if (committed) journal.add(committed);
    expect(stepsAfter(journal)).toEqual(['start 0/1 in 0', 'start 0/2 in 1', 'start 0/3 in 2']);
  });

  it('as many are asked for as there are slots, and as the brief wants ahead', () => {
    expect(stepsAfter(journalOf())).toEqual(['propose 1', 'propose 2', 'propose 3']);
    expect(stepsAfter(journalOf(), { ahead: 2, asked: [1, 2] })).toEqual(['propose 3', 'propose 4', 'propose 5']);
    expect(stepsAfter(journalOf(), { asks: 1 })).toEqual(['propose 1']);
    expect(stepsAfter(journalOf(), { asks: 1, asked: [1] })).toEqual([]);
  });

  it('what runs takes a slot, and what waits takes the lowest that is free', () => {
    const journal = journalOf(proposed(1), started(1, 1, 1), proposed(2), proposed(3), proposed(4));
    expect(stepsAfter(journal)).toEqual(['await 1/1', 'start 2/1 in 0', 'start 3/1 in 2']);
  });

  it('a repetition that a verdict asked for comes before what has yet to run', () => {
    const journal = journalOf(proposed(1), proposed(2), started(2, 1, 0), ended(2, 1, scored(1)), verdict(2, 'rerun'));
    expect(stepsAfter(journal, { slots: 2 })).toEqual(['start 2/2 in 0', 'start 1/1 in 1']);
    expect(stepsAfter(journal, { slots: 1 })).toEqual(['start 2/2 in undefined']);
  });

  it('a verdict that is due is given while others run', () => {
    const journal = journalOf(proposed(1), started(1, 1, 0), proposed(2), started(2, 1, 1), ended(2, 1, scored(3)));
    expect(stepsAfter(journal)).toEqual(['give-verdict 2', 'await 1/1', 'propose 3']);
  });

  it('a study whose rule is met stops when nothing is left to do, though an answer has no room any more', () => {
    const journal = createJournal({ session: { ...session, stop: { hours: 1 } } }).baseline(scored(2), scored(2.1));
    for (const body of proposed(1)) journal.add(body);
    const later = { at: '2024-11-24T23:00:00.000Z' };
    expect(nextSteps(journal.history(), later, { ...room, asked: [2] })).toMatchObject([
      { kind: 'stop', reason: 'hours' },
    ]);
  });

  it('a study that ends begins nothing new', () => {
    const journal = journalOf(proposed(1), started(1, 1, 0), proposed(2));
    expect(stepsAfter(journal, { isEnding: true })).toEqual(['await 1/1']);
  });

  it('a run in doubt is repeated alone: nothing begins until it may, nor beside it', () => {
    const doubtful = { ...failed('lost'), isDoubtful: true } as const;
    const journal = journalOf(proposed(1), started(1, 1, 0), proposed(2), started(2, 1, 1), proposed(3));
    journal.add(ended(1, 1, doubtful));
    expect(stepsAfter(journal)).toEqual(['await 2/1']);
    journal.add(ended(2, 1, scored(3)));
    expect(stepsAfter(journal)).toEqual(['give-verdict 2', 'start 1/2 in 0']);
    journal.add(verdict(2, 'revert'));
    journal.add(started(1, 2, 0));
    expect(stepsAfter(journal)).toEqual(['await 1/2', 'propose 4']);
    journal.add(ended(1, 2, scored(3)));
    expect(stepsAfter(journal)).toEqual(['give-verdict 1', 'start 3/1 in 0', 'propose 4']);
  });
});

describe('the first proposal', () => {
  const baseline = (...bodies: readonly EntryBody[]): Journal => {
    const journal = createJournal();
    const [, committed] = proposed(0);
    if (committed) journal.add(committed);
    for (const body of bodies) journal.add(body);
    return journal;
  };
  const twoOfThree = [
    ...[1, 2, 3].map((run) => started(0, run, run - 1)),
    ended(0, 1, scored(2)),
    ended(0, 2, scored(2.1)),
  ];
  const opens = { opens: true };

  it('is asked for while the last run of the baseline goes on', () => {
    expect(stepsAfter(baseline(...twoOfThree), opens)).toEqual(['await 0/3', 'propose 1']);
    expect(stepsAfter(baseline(...twoOfThree), { ...opens, asked: [1] })).toEqual(['await 0/3']);
    const alone = baseline(started(0, 1, 0), ended(0, 1, scored(2)), started(0, 2, 0));
    expect(stepsAfter(alone, { ...opens, slots: 1 })).toEqual(['await 0/2']);
  });

  it('is not asked for where nobody is to be, before the baseline has a score, and at an end', () => {
    expect(stepsAfter(baseline(...twoOfThree))).toEqual(['await 0/3']);
    expect(stepsAfter(baseline(...twoOfThree), { ...opens, isEnding: true })).toEqual(['await 0/3']);
    const unscored = [started(0, 1, 0), started(0, 2, 1), started(0, 3, 2)];
    expect(stepsAfter(baseline(...unscored), opens)).toEqual(['await 0/1', 'await 0/2', 'await 0/3']);
    const broken = baseline(started(0, 1, 0), started(0, 2, 1), ended(0, 1, failed('crashed')));
    expect(stepsAfter(broken, opens).filter((step) => step.startsWith('propose'))).toEqual([]);
  });
});
