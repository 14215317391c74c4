/** Journals of made-up studies, for tests of the fold and of all that is computed from a history. */
import type { Entry, EntryBody, EntryOf } from '../../src/core/journal/entry.ts';
import { foldWhole } from '../../src/core/journal/fold.ts';
import type { WholeHistory } from '../../src/core/journal/held-out.ts';
import type { History } from '../../src/core/journal/history.ts';
import type { RunResult } from '../../src/core/journal/run.ts';
import type { Verdict } from '../../src/core/journal/verdict.ts';
import { turnKnobs } from '../../src/testing/index.ts';

type Start = EntryOf<'study-started'>;

export interface Journal {
  readonly entries: readonly Entry[];
  /** Adds one entry, a minute after the one before. */
  readonly add: (body: EntryBody) => Journal;
  readonly history: () => History;
  /** The same beside what is held out of it. */
  readonly whole: () => WholeHistory;
  /** Candidate, runs with these results and a verdict of experiment 0. */
  readonly baseline: (...results: readonly RunResult[]) => Journal;
  /** Proposal, candidate, one run with this result and a verdict of the next experiment; a keep moves the branch. */
  readonly experiment: (result: RunResult, verdict: Verdict['decision'], title?: string) => Journal;
}

/** A commit-like text of 40 digits that is easy to tell from others. */
export function fakeHash(kind: 'commit' | 'tree' | 'keep', experiment: number): string {
  return { commit: 'c', tree: 'e', keep: 'd' }[kind] + String(experiment).padStart(39, '0');
}

/** A journal whose study has begun. */
export function createJournal(start: Partial<Omit<Start, 'event'>> = {}): Journal {
  const entries: Entry[] = [];
  let next = 1;
  let incumbent = 0;
  const add = (body: EntryBody) => {
    const seq = entries.length + 1;
    entries.push({ ...body, seq, at: new Date(Date.UTC(2024, 10, 23, 22, seq)).toISOString() });
    return journal;
  };
  const candidate = (experiment: number) =>
    add({
      event: 'candidate-committed',
      experiment,
      commit: fakeHash('commit', experiment),
      tree: fakeHash('tree', experiment),
      content: `content ${experiment}`,
    });
  const run = (experiment: number, number: number, result: RunResult) => {
    add({ event: 'run-started', experiment, run: number, seed: number });
    return add({ event: 'run-ended', experiment, run: number, result });
  };
  const journal: Journal = {
    entries,
    add,
    history: () => journal.whole().history,
    whole: () => {
      const whole = foldWhole(entries);
      if (!whole) throw new Error('the journal is empty');
      return whole;
    },
    baseline: (...results) => {
      candidate(0);
      for (const [index, result] of results.entries()) run(0, index + 1, result);
      const verdict = { decision: 'keep' as const, reason: 'the baseline' };
      return add({ event: 'verdict-given', experiment: 0, verdict, kept: fakeHash('commit', 0) });
    },
    experiment: (result, decision, title) => {
      const experiment = next++;
      const proposal = { ...turnKnobs({ LR: experiment }), ...(title === undefined ? {} : { title }) };
      add({ event: 'proposal-made', experiment, attempt: 0, parent: incumbent, researcher: 'random', proposal });
      candidate(experiment);
      run(experiment, 1, result);
      const value = result.measurement?.value;
      const statistics = value === undefined ? {} : { statistics: { ...figures, mean: value } };
      const kept = fakeHash('keep', experiment);
      const verdict: Verdict = { decision, reason: result.reason || 'by the numbers', ...statistics };
      add({ event: 'verdict-given', experiment, verdict, ...(decision === 'keep' ? { kept } : {}) });
      if (decision !== 'keep') return journal;
      incumbent = experiment;
      return add({ event: 'branch-moved', experiment, commit: kept });
    },
  };
  return add({ ...startBody, ...start });
}

const figures = { incumbentMean: 2, gain: 0.1, runs: 1 };

const startBody: Extract<EntryBody, { event: 'study-started' }> = {
  event: 'study-started',
  tag: 'nov23',
  study: 'nov23',
  brief: 'program.md',
  start: fakeHash('commit', 0),
  frozen: {
    metric: { name: 'val_bpb', goal: 'minimize' },
    sandbox: '.',
    edit: ['train.py'],
    include: [],
    train: ['python', 'train.py'],
    budgetSeconds: 5,
    budgetClock: 'wall',
  },
  session: {
    prose: '',
    researcher: 'random',
    policy: 'greedy',
    engine: 'local',
    space: {},
    timeoutSeconds: 20,
    stop: {},
  },
  isolation: 'none',
  interpreter: '/usr/bin/python3',
  isSeedNamed: true,
  version: '0.1.0',
};

/** The session of a made-up study, to be resumed with. */
export const session = startBody.session;
/** Its frozen settings. */
export const frozen = startBody.frozen;

/** A run that measured this. */
export function scored(value: number, more: { resolution?: number; metrics?: Record<string, number> } = {}): RunResult {
  const { resolution = 0.0001, metrics = {} } = more;
  const measurement = { value, resolution, vouched: 'self-reported' as const, metrics };
  return { outcome: 'finished', reason: '', evidence: '', measurement, seconds: 10, cpuSeconds: 9 };
}

/** A run that ended without a score. */
export function failed(outcome: RunResult['outcome'] = 'crashed', reason = 'exit code 1'): RunResult {
  return { outcome, reason, evidence: 'Traceback', seconds: 1, cpuSeconds: 1 };
}
