/**
 * Turns a ledger into the entries of a journal, so that everything that reads a History reads a ledger too.
 *
 * What a ledger does not know (times, seeds, diffs, who proposed) is left empty; reports of it leave those parts out.
 */
import { ok } from '../base/errors.ts';
import { type Goal, gainOver } from '../base/metric.ts';
import type { EntryBody } from '../journal/entry.ts';
import { foldWhole } from '../journal/fold.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import type { RunResult } from '../journal/run.ts';
import type { LedgerFile, LedgerRow } from './parse-ledger.ts';

/** The history of the study that wrote this ledger; `at` is when the ledger was last written. */
export function ledgerHistory(ledger: LedgerFile, tag: string, goal: Goal, at: string): WholeHistory {
  const bodies = [started(ledger, tag, goal), ...experiments(ledger.rows, goal)];
  const whole = foldWhole(bodies.map((body, index) => ({ ...body, seq: index + 1, at })));
  ok(whole !== undefined, 'a ledger begins a study');
  return whole;
}

function started({ metric, rows }: LedgerFile, tag: string, goal: Goal): EntryBody {
  return {
    event: 'study-started',
    tag,
    study: tag,
    brief: '',
    start: rows[0]?.commit ?? '',
    frozen: {
      metric: { name: metric, goal },
      sandbox: '',
      edit: [],
      include: [],
      train: [],
      budgetSeconds: 0,
      budgetClock: 'wall',
    },
    session: { prose: '', researcher: '', policy: '', engine: '', space: {}, timeoutSeconds: 0, stop: {} },
    isolation: '',
    interpreter: '',
    isSeedNamed: true,
    version: '',
  };
}

function experiments(rows: readonly LedgerRow[], goal: Goal): EntryBody[] {
  let incumbent = { experiment: 0, value: rows[0]?.value ?? 0 };
  return rows.flatMap((row, experiment) => {
    const entries = entriesOf(row, experiment, incumbent, goal);
    if (row.status === 'keep' && row.value !== null) incumbent = { experiment, value: row.value };
    return entries;
  });
}

interface Incumbent {
  readonly experiment: number;
  readonly value: number;
}

function entriesOf(row: LedgerRow, experiment: number, incumbent: Incumbent, goal: Goal): EntryBody[] {
  const { commit, value, status, description } = row;
  const isKept = status === 'keep';
  const gain = value === null ? 0 : gainOver(goal, incumbent.value, value);
  const statistics =
    value === null ? {} : { statistics: { mean: value, incumbentMean: incumbent.value, gain, runs: 1 } };
  const proposal = { title: description || commit, hypothesis: '', kind: 'code' as const, edits: [] };
  const proposed: EntryBody = {
    event: 'proposal-made',
    experiment,
    attempt: 0,
    parent: incumbent.experiment,
    researcher: '',
    proposal,
  };
  return [
    ...(experiment === 0 ? [] : [proposed]),
    { event: 'candidate-committed', experiment, commit, tree: commit, content: commit },
    { event: 'run-started', experiment, run: 1, seed: 0 },
    { event: 'run-ended', experiment, run: 1, result: resultOf(row) },
    {
      event: 'verdict-given',
      experiment,
      verdict: { decision: isKept ? 'keep' : 'revert', reason: value === null ? 'crash' : status, ...statistics },
      ...(isKept ? { kept: commit } : {}),
    },
  ];
}

function resultOf({ value, memoryGb }: LedgerRow): RunResult {
  const figures = { evidence: '', seconds: 0, cpuSeconds: 0 };
  if (value === null) return { outcome: 'crashed', reason: 'crash', ...figures };
  const metrics = { peak_memory_mb: memoryGb * 1024 };
  return {
    outcome: 'finished',
    reason: '',
    measurement: { value, resolution: 1e-6, vouched: 'self-reported', metrics },
    ...figures,
  };
}
