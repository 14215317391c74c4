/**
 * What the loop tells whoever watches: every journal entry, and a few things too fleeting to be journalled.
 */
import type { Entry } from './entry.ts';

/** Live news of a run in flight; figures the script has not printed are absent. */
export interface RunProgressed {
  readonly event: 'run-progressed';
  readonly experiment: number;
  readonly run: number;
  /** For a run that confirms: whose. */
  readonly confirmation?: { readonly confirmation: number; readonly contender: string };
  readonly elapsedSeconds: number;
  readonly step?: number;
  readonly loss?: number;
  /** Share of the budget used, in [0, 1]. */
  readonly progress?: number;
}

/** A step has begun that may take long before there is anything to journal. */
export interface StepBegun {
  readonly event: 'step-begun';
  readonly step: 'prepare' | 'propose' | 'score-holdout';
  readonly experiment: number;
}

/** Something the owner should know that stops nothing. */
export interface WarningRaised {
  readonly event: 'warning-raised';
  readonly message: string;
}

export type LoopEvent = Entry | RunProgressed | StepBegun | WarningRaised;
