import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/core/journal/entry.ts';
import { foldHistory } from '../../../src/core/journal/fold.ts';
import type { History } from '../../../src/core/journal/history.ts';
import { findDisagreements, type Stored } from '../../../src/core/views/check.ts';
import { createJournal, failed, fakeHash, type Journal, scored } from '../../helpers/journal.ts';
import { keptInAnotherOrder } from '../../helpers/slots-study.ts';

const [start, first, second] = [fakeHash('commit', 0), fakeHash('keep', 1), fakeHash('keep', 3)];
const other = 'f'.repeat(40);

const study = () =>
  createJournal()
    .baseline(scored(2))
    .experiment(scored(1.9), 'keep')
    .experiment(failed(), 'revert')
    .experiment(scored(1.8), 'keep');

const attempt = (experiment: number) => {
  const parent = experiment === 0 ? [] : [start];
  return { commit: fakeHash('commit', experiment), tree: fakeHash('tree', experiment), parents: parent };
};

/** What the repository holds when all is well. */
const stored: Stored = {
  attempts: new Map([0, 1, 2, 3].map((experiment) => [experiment, attempt(experiment)])),
  tip: second,
  branch: { commit: second, isCheckedOut: false },
  accepted: [
    { commit: second, tree: fakeHash('tree', 3), parents: [first] },
    { commit: first, tree: fakeHash('tree', 1), parents: [start] },
  ],
};

const find = (changed: Partial<Stored> = {}, journal: Journal = study()) =>
  findDisagreements(journal.history(), { ...stored, ...changed });

const withAttempt = (experiment: number, changed: object | undefined): Partial<Stored> => {
  const attempts = new Map(stored.attempts);
  if (changed) attempts.set(experiment, { ...attempt(experiment), ...changed });
  else attempts.delete(experiment);
  return { attempts };
};

const withAccepted = (index: number, changed: object): Partial<Stored> => ({
  accepted: stored.accepted.map((commit, at) => (at === index ? { ...commit, ...changed } : commit)),
});

it('a repository as the journal tells it has no disagreement', () => {
  expect(find()).toEqual([]);
});

it('a study that has not begun to run agrees with a repository without refs', () => {
  const empty = { attempts: new Map(), tip: undefined, branch: undefined, accepted: [] };
  expect(find(empty, createJournal())).toEqual([]);
});

describe('each disagreement is one sentence', () => {
  it.each([
    ['a missing attempt', withAttempt(2, undefined), `experiment 2: its ref is missing, the journal has commit`],
    ['a moved attempt', withAttempt(2, { commit: other }), `experiment 2: its ref is at ${other}`],
    ['another tree', withAttempt(2, { tree: other }), `experiment 2: its tree is ${other}`],
    ['an unknown attempt', withAttempt(4, {}), 'the ref of attempt 4 is in the repository but not in the journal'],
    ['an attempt far ahead', withAttempt(40, {}), 'the ref of attempt 40 is in the repository but not in the journal'],
    ['a missing keep', { accepted: stored.accepted.slice(1) }, 'the branch has 1 accepted commits, the journal has 2'],
    ['another keep', withAccepted(0, { commit: other }), `keep 3: the branch has ${other}`],
    ['a keep of another tree', withAccepted(0, { tree: other }), 'keep 3: its tree is not the one that was run'],
    ['a keep on another parent', withAccepted(0, { parents: [start] }), `keep 3: it stands on ${start}`],
    ['a moved tip', { tip: other }, `the tip is at ${other}`],
    ['a missing tip', { tip: undefined }, 'the tip is at undefined'],
    ['a missing branch', { branch: undefined }, 'the branch is missing'],
    ['a moved branch', { branch: { commit: other, isCheckedOut: false } }, `the branch is at ${other}`],
  ])('%s', (_, changed: Partial<Stored>, sentence) => {
    const [found, ...more] = find(changed);
    expect(found).toContain(sentence);
    expect(more).toEqual([]);
  });

  it('a keep that was not better than what it replaced', () => {
    const journal = study();
    const worse = journal.entries.map((entry) =>
      entry.event === 'verdict-given' && entry.experiment === 3 && entry.verdict.statistics
        ? { ...entry, verdict: { ...entry.verdict, statistics: { ...entry.verdict.statistics, mean: 7 } } }
        : entry,
    );
    const history = createHistory(worse);
    expect(findDisagreements(history, stored)).toContain('keep 3: it is not better than what it replaced');
  });

  it('a keep without a score', () => {
    const history = createHistory(
      study().entries.map((entry) =>
        entry.event === 'run-ended' && entry.experiment === 3 ? { ...entry, result: failed() } : entry,
      ),
    );
    expect(findDisagreements(history, stored)).toEqual(['keep 3: it has no score']);
  });
});

describe('what a crash may leave is no disagreement', () => {
  it('a candidate whose entry was not written', () => {
    const journal = study().experiment(scored(1), 'revert');
    const cut = journal.entries.findIndex((entry) => entry.event === 'candidate-committed' && entry.experiment === 4);
    const history = createHistory(journal.entries.slice(0, cut));
    expect(findDisagreements(history, { ...stored, ...withAttempt(4, {}) })).toEqual([]);
    expect(findDisagreements(history, stored)).toEqual([]);
  });

  it('a branch that was or was not moved when the verdict was given', () => {
    const { entries } = study();
    const history = createHistory(entries.slice(0, -1));
    const before = { accepted: stored.accepted.slice(1), tip: first, branch: { commit: first, isCheckedOut: false } };
    expect(findDisagreements(history, { ...stored, ...before })).toEqual([]);
    expect(findDisagreements(history, stored)).toEqual([]);
  });

  it('a branch that a worktree has checked out stays where it is', () => {
    expect(find({ branch: { commit: first, isCheckedOut: true } })).toEqual([]);
  });
});

function createHistory(entries: readonly Entry[]): History {
  const history = foldHistory(entries);
  if (!history) throw new Error('the journal is empty');
  return history;
}

it('keeps stand on the branch in the order in which they were kept, which need not be that of their numbers', () => {
  const attempts = new Map([0, 1, 2].map((experiment) => [experiment, attempt(experiment)]));
  const [one, two] = [fakeHash('keep', 1), fakeHash('keep', 2)];
  const accepted = [
    { commit: one, tree: fakeHash('tree', 1), parents: [two] },
    { commit: two, tree: fakeHash('tree', 2), parents: [start] },
  ];
  const found = find(
    { attempts, tip: one, branch: { commit: one, isCheckedOut: false }, accepted },
    keptInAnotherOrder(),
  );
  expect(found).toEqual([]);
});
