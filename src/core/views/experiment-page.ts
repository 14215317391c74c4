/**
 * One experiment with all that is known of it, for its page.
 */
import { plainText } from '../base/plain-text.ts';
import { type ExperimentRow, experimentRow } from '../journal/experiment-row.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import type { ExperimentRecord } from '../journal/history.ts';
import { metricDecimals, runDecimals } from '../journal/metric-decimals.ts';
import type { Voucher } from '../journal/run.ts';
import { contentionText } from './conditions.ts';
import { heldOutFacts } from './held-out-facts.ts';
import { boundedLines } from './live-run.ts';
import type { Curves } from './report/curves.ts';
import { boundedPatch } from './report/kept.ts';

export interface RunLine {
  readonly run: number;
  readonly seed: number;
  readonly slot: number | null;
  /** `in flight` while it has not ended. */
  readonly outcome: string;
  readonly score: number | null;
  readonly vouched: Voucher | null;
  readonly seconds: number | null;
  readonly peakMemoryMb: number | null;
  /** Why it has no score, or what the machine did to it. */
  readonly remark: string;
}

export interface ExperimentView {
  readonly row: ExperimentRow;
  readonly metric: string;
  /** Decimals of means, and of the scores of single runs. */
  readonly decimals: number;
  readonly scoreDecimals: number;
  readonly hypothesis: string;
  readonly proposedAt: string;
  readonly runs: readonly RunLine[];
  /** The experiment whose edits it makes again, and the one that makes its own again. */
  readonly reapplies: number | null;
  readonly reappliedAs: number | null;
  /** What was measured of it on the holdout and in confirmations. */
  readonly heldOut: readonly string[];
  readonly patch: readonly string[];
  readonly hiddenLines: number;
  readonly log: readonly string[];
  /** Of this experiment and the one it was measured against. */
  readonly curves: Curves | undefined;
  /** Number of the last experiment. */
  readonly last: number;
}

/** What the study's folder has of an experiment. */
export interface ExperimentFiles {
  readonly patch: string;
  /** The end of its latest training log. */
  readonly log: string;
  readonly curves: Curves | undefined;
}

const maxLogLines = 200;

/** The view of an experiment. */
export function experimentView(whole: WholeHistory, record: ExperimentRecord, files: ExperimentFiles): ExperimentView {
  const { history } = whole;
  const { lines, hidden } = boundedPatch(files.patch);
  const evidence = record.runs.at(-1)?.result?.evidence ?? '';
  const again = history.experiments.find((each) => each.reapplies === record.experiment);
  return {
    row: experimentRow(history, record),
    metric: history.frozen.metric.name,
    decimals: metricDecimals(history),
    scoreDecimals: runDecimals(history),
    hypothesis: plainText(record.proposal?.hypothesis ?? ''),
    proposedAt: record.proposedAt,
    runs: record.runs.map(runLine),
    reapplies: record.reapplies ?? null,
    reappliedAs: again?.experiment ?? null,
    heldOut: heldOutFacts(whole, record.experiment).map((line) => line.replace(/\s+/g, ' ')),
    patch: lines,
    hiddenLines: hidden,
    log: boundedLines(files.log || evidence, maxLogLines),
    curves: files.curves,
    last: history.experiments.length - 1,
  };
}

function runLine(run: ExperimentRecord['runs'][number]): RunLine {
  const { result } = run;
  return {
    run: run.run,
    seed: run.seed,
    slot: run.slot ?? null,
    outcome: result?.outcome ?? 'in flight',
    score: result?.measurement?.value ?? null,
    vouched: result?.measurement?.vouched ?? null,
    seconds: result?.seconds ?? null,
    peakMemoryMb: result?.peakMemoryMb ?? null,
    remark: [result?.reason ?? '', contentionText(run)].filter(Boolean).join('; '),
  };
}
