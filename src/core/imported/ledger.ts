/**
 * A ledger of another program as plain data: studies of experiments, and what was left out of them.
 */
import type { Goal } from '../base/metric.ts';

/** What the ledger decided of an experiment; `other` for a row that says neither, such as `ok` or an unknown word. */
export type RowStatus = 'keep' | 'discard' | 'crash' | 'other';

/** One experiment of a ledger. */
export interface LedgerRow {
  /** Where it begins: a line for text, else the number of the trial, run, node or program. */
  readonly line: number;
  readonly commit: string;
  /** Null where there is no score: a crash, an empty cell, `nan`. */
  readonly value: number | null;
  /** 0 where the ledger does not say it. */
  readonly memoryGb: number;
  readonly status: RowStatus;
  /** The status as it was written; empty where the ledger has none. */
  readonly word: string;
  readonly isBaseline: boolean;
  readonly description: string;
  /** All other cells by their column, as written: settings are among them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** One study of a ledger: what came after one baseline. */
export interface LedgerPart {
  /** What the ledger calls the study; empty where it has no name. */
  readonly name: string;
  readonly metric: string;
  /** As the file itself says it, such as `bestDirection` of pi-autoresearch. */
  readonly goal: Goal | undefined;
  /** In their order. */
  readonly rows: readonly LedgerRow[];
  /** Whether any row says that something was kept or discarded; else a row that beats all before it counts as kept. */
  readonly hasDecisions: boolean;
}

/** Something of the file that is no experiment of any part. */
export interface LeftOut {
  readonly line: number;
  readonly reason: string;
  /** Its beginning, on one line. */
  readonly text: string;
}

export interface Ledger {
  /** What it is, such as `table separated by tabs` or `Optuna storage`. */
  readonly format: string;
  /** What `line` counts: `line`, `trial`, `run`, `node` or `program`. */
  readonly unit: string;
  readonly parts: readonly LedgerPart[];
  readonly leftOut: readonly LeftOut[];
  /** What was assumed or not understood, in sentences. */
  readonly notes: readonly string[];
}

/** A part with its direction settled: which rows count as kept, and which zeros are no score. */
export interface SettledPart extends LedgerPart {
  readonly goal: Goal;
}
