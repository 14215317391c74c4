/**
 * Turns a study of a ledger into the entries of a journal, so that everything that reads a History reads a ledger too.
 *
 * What a ledger does not know (times, seeds, diffs, who proposed) is left empty; reports of it leave those parts out.
 */
import { ok } from '../base/errors.ts';
import { type Goal, gainOver } from '../base/metric.ts';
import type { EntryBody } from '../journal/entry.ts';
import { foldWhole } from '../journal/fold.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import { experimentOf } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import type { LedgerRow, SettledPart } from './ledger.ts';
import { bestKeep } from './settle.ts';

/**
 * The history of the study that wrote this part of a ledger; `at` is when the ledger was last written. Experiment 0 is the
 * first row that was kept, else the first with a score; the incumbent is the best keep, which need not be the last.
 */
export function ledgerHistory(part: SettledPart, tag: string, at: string): WholeHistory {
  const rows = baselineFirst(part.rows);
  const bodies = [started(part, rows[0], tag), ...experiments(rows, part.goal)];
  const whole = foldWhole(bodies.map((body, index) => ({ ...body, seq: index + 1, at })));
  ok(whole !== undefined, 'a ledger begins a study');
  const best = bestKeep(part);
  const incumbent = best ? rows.findIndex(({ line }) => line === best.line) : 0;
  const { history, heldOut } = whole;
  return { history: { ...history, incumbent, tip: experimentOf(history, incumbent).kept ?? history.tip }, heldOut };
}

function baselineFirst(rows: readonly LedgerRow[]): readonly LedgerRow[] {
  const scored = rows.filter(({ value }) => value !== null);
  const baseline = scored.find(({ status }) => status === 'keep') ?? scored[0];
  return baseline === undefined ? rows : [baseline, ...rows.filter((row) => row !== baseline)];
}

function started({ metric, goal }: SettledPart, baseline: LedgerRow | undefined, tag: string): EntryBody {
  return {
    event: 'study-started',
    tag,
    study: tag,
    brief: '',
    start: baseline?.commit ?? '',
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
  const { commit, value, status, word, description } = row;
  const isKept = status === 'keep' || (experiment === 0 && value !== null);
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
  const reason = value === null && !isKept ? word || 'no score' : word || status;
  return [
    ...(experiment === 0 ? [] : [proposed]),
    { event: 'candidate-committed', experiment, commit, tree: commit, content: commit },
    { event: 'run-started', experiment, run: 1, seed: 0 },
    { event: 'run-ended', experiment, run: 1, result: resultOf(row) },
    {
      event: 'verdict-given',
      experiment,
      verdict: { decision: isKept ? 'keep' : 'revert', reason, ...statistics },
      ...(isKept ? { kept: commit } : {}),
    },
  ];
}

function resultOf({ value, memoryGb, word, status }: LedgerRow): RunResult {
  const figures = { evidence: '', seconds: 0, cpuSeconds: 0 };
  if (value === null)
    return { outcome: 'crashed', reason: status === 'crash' ? word || 'crash' : 'no score', ...figures };
  const metrics = { peak_memory_mb: memoryGb * 1024 };
  return {
    outcome: 'finished',
    reason: '',
    measurement: { value, resolution: 1e-6, vouched: 'self-reported', metrics },
    ...figures,
  };
}
