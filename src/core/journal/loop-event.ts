/**
 * What the loop tells its listener: every journal entry, and some events that are not worth a line of the journal.
 */
import type { Entry } from './entry.ts';

/** The progress of a run in flight; figures that the script has not printed are absent. */
export interface RunProgressed {
  readonly event: 'run-progressed';
  readonly experiment: number;
  readonly run: number;
  /** For a run of a confirmation: which one, and of which contender. */
  readonly confirmation?: { readonly confirmation: number; readonly contender: string };
  /** Of a confirmation's run, where there are several slots; of an experiment's the journal has it. */
  readonly slot?: number;
  readonly elapsedSeconds: number;
  /** The run's budget, where it is not the study's. */
  readonly budgetSeconds?: number;
  readonly step?: number;
  readonly loss?: number;
  /** Share of the budget used, in [0, 1]. */
  readonly progress?: number;
}

/** A step has begun that may take minutes before there is anything to journal. */
export interface StepBegun {
  readonly event: 'step-begun';
  readonly step: 'prepare' | 'propose' | 'await-hand-in' | 'score-holdout';
  readonly experiment: number;
}

/** Something that the owner should know; the study goes on. */
export interface WarningRaised {
  readonly event: 'warning-raised';
  readonly message: string;
}

/** The disk is full, with so many bytes free: the study waits. Told and not journalled, since the journal cannot be written. */
export interface RoomAwaited {
  readonly event: 'room-awaited';
  readonly free: number;
}

/** What could not be written is written: the study goes on. */
export interface RoomFound {
  readonly event: 'room-found';
}

export type LoopEvent = Entry | RunProgressed | StepBegun | WarningRaised | RoomAwaited | RoomFound;
