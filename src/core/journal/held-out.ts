/**
 * What the journal holds apart from the History: no decision and no researcher may read it, or the study would select
 * on it. A WholeHistory is for code that reports.
 */
import type { CarryOver, ConfirmedGain } from './confirmed-gain.ts';
import type { GaugeReading } from './gauge-reading.ts';
import type { Split } from './held-out-entries.ts';
import type { History, RunRecord } from './history.ts';
import type { RunResult } from './run.ts';

/** A candidate that a confirmation runs several times, each time on a fresh seed. */
export interface ContenderRecord {
  /** `baseline`, `final`, or for the final without experiment 7 `without-7`. */
  readonly contender: string;
  readonly commit: string;
  /** The kept experiment that is left out of the final. */
  readonly without?: number | undefined;
  readonly runs: readonly RunRecord[];
}

/** One `nocturne confirm`, from its plan to its result. */
export interface ConfirmationRecord {
  /** From 1. */
  readonly confirmation: number;
  /** The incumbent that it confirms. */
  readonly experiment: number;
  readonly split: Split;
  readonly reason: string;
  /** Fresh seeds per contender. */
  readonly runs: number;
  readonly isAblated: boolean;
  /** Training budget of its runs, where it is longer than the study's. */
  readonly budgetSeconds?: number | undefined;
  readonly contenders: readonly ContenderRecord[];
  readonly inseparable: readonly { readonly experiment: number; readonly reason: string }[];
  /** Absent while it is unfinished. */
  readonly gain?: ConfirmedGain;
  /** Only of a confirmation at a longer budget. */
  readonly carryOver?: CarryOver;
}

export interface HeldOut {
  /** By experiment, then by run: the same saved weights as in validation, graded on the holdout. */
  readonly scores: ReadonlyMap<number, ReadonlyMap<number, RunResult>>;
  readonly gauge?: GaugeReading;
  /** Whether weights were graded since the gauge was read. */
  readonly isGaugeStale: boolean;
  /** Oldest first. */
  readonly confirmations: readonly ConfirmationRecord[];
}

/** A study's history, together with what is held out of it; both grow with the journal. */
export interface WholeHistory {
  readonly history: History;
  readonly heldOut: HeldOut;
}
