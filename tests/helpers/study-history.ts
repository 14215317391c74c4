/** Journals of studies that never ran, for views and researchers. */
import type { Entry, EntryBody } from '../../src/core/journal/entry.ts';
import { foldWhole } from '../../src/core/journal/fold.ts';
import type { History } from '../../src/core/journal/history.ts';
import type { Edit } from '../../src/core/journal/proposal.ts';

export const hash = (number: number) => number.toString(16).padStart(40, '0');

export interface Attempt {
  readonly title: string;
  readonly hypothesis?: string;
  readonly edits?: Edit[];
  readonly kind?: 'knobs' | 'code';
  /** Absent for a crash. */
  readonly value?: number;
  readonly isKept?: boolean;
  /** The last line of a crash's log. */
  readonly reason?: string;
  readonly evidence?: string;
}

const started: EntryBody = {
  event: 'study-started',
  tag: 'nov23',
  study: 'nov23',
  brief: 'program.md',
  start: hash(1),
  frozen: {
    metric: { name: 'val_bpb', goal: 'minimize' },
    sandbox: 'sandbox/tiny',
    edit: ['train.py'],
    include: [],
    train: ['python', 'train.py'],
    score: ['python', 'score.py'],
    budgetSeconds: 8,
    budgetClock: 'cpu',
  },
  session: {
    prose: 'Make the little language model better.',
    researcher: 'llm',
    policy: 'greedy',
    engine: 'local',
    space: {},
    timeoutSeconds: 100,
    stop: { experiments: 400 },
  },
  isolation: 'none',
  interpreter: '/usr/bin/python3',
  isSeedNamed: true,
  version: '0.1.0',
};

/** A journal that can be added to; `history` folds what is in it. */
export function createJournal() {
  const entries: Entry[] = [];
  const add = (body: EntryBody) => {
    const at = new Date(Date.UTC(2026, 10, 23) + entries.length * 10_000).toISOString();
    entries.push({ ...body, seq: entries.length + 1, at });
  };
  const run = (experiment: number, index: number, attempt: Pick<Attempt, 'value' | 'reason' | 'evidence'>) => {
    const { value, reason = 'exit code 1', evidence = '' } = attempt;
    add({ event: 'run-started', experiment, run: index, seed: index });
    const spent = { evidence, seconds: 9, cpuSeconds: 8 };
    const measurement = { resolution: 0.0001, vouched: 'scored' as const, metrics: { peak_memory_mb: 112 } };
    add({
      event: 'run-ended',
      experiment,
      run: index,
      result:
        value === undefined
          ? { outcome: 'crashed', reason, ...spent }
          : { outcome: 'finished', reason: '', measurement: { value, ...measurement }, ...spent },
    });
  };
  const commit = (experiment: number) => ({
    event: 'candidate-committed' as const,
    experiment,
    commit: hash(experiment + 1000),
    tree: hash(experiment + 2000),
    content: `content ${experiment}`,
  });
  let count = 0;
  let incumbent = { experiment: 0, mean: 3 };

  const begin = () => {
    add(started);
    add({ ...commit(0), commit: hash(1) });
    for (const [index, value] of [2.99, 3, 3.01].entries()) run(0, index + 1, { value });
    add({
      event: 'verdict-given',
      experiment: 0,
      verdict: { decision: 'keep', reason: 'the baseline' },
      kept: hash(1),
    });
  };

  const attempt = (made: Attempt) => {
    count += 1;
    const { title, hypothesis = 'It should help.', kind = 'code', edits, value, isKept = false } = made;
    const proposal = {
      title,
      hypothesis,
      kind,
      edits: edits ?? [{ kind: 'write' as const, file: 'train.py', content: `# ${count}\n` }],
    };
    add({
      event: 'proposal-made',
      experiment: count,
      attempt: 0,
      parent: incumbent.experiment,
      researcher: 'llm',
      proposal,
    });
    add(commit(count));
    run(count, 1, made);
    const statistics =
      value === undefined
        ? {}
        : { statistics: { mean: value, incumbentMean: incumbent.mean, gain: incumbent.mean - value, runs: 1 } };
    const reason =
      value === undefined
        ? (made.reason ?? 'exit code 1')
        : isKept
          ? 'better than the incumbent'
          : 'not better than the incumbent';
    const verdict = { decision: isKept ? ('keep' as const) : ('revert' as const), reason, ...statistics };
    add({ event: 'verdict-given', experiment: count, verdict, ...(isKept ? { kept: hash(count + 3000) } : {}) });
    if (!isKept || value === undefined) return;
    add({ event: 'branch-moved', experiment: count, commit: hash(count + 3000) });
    incumbent = { experiment: count, mean: value };
  };

  const whole = () => {
    const folded = foldWhole(entries);
    if (!folded) throw new Error('the journal is empty');
    return folded;
  };
  return { entries, add, begin, attempt, whole, history: () => whole().history };
}

/** A history with these attempts after the baseline. */
export function historyOf(attempts: readonly Attempt[]): History {
  const journal = createJournal();
  journal.begin();
  for (const attempt of attempts) journal.attempt(attempt);
  return journal.history();
}
