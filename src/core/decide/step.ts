/**
 * The steps of a study, and how many may be under way at once.
 */
import type { UnreportedGuard } from '../judge/guards.ts';
import type { Stop } from './stopping.ts';

export interface RunStep {
  readonly experiment: number;
  readonly run: number;
  readonly seed: number;
  /** Where it runs, from 0; absent in a study with one slot. */
  readonly slot?: number;
}

/** A run in flight. */
export type AwaitRun = { readonly kind: 'await-run' } & RunStep;

/** One thing that the loop does. */
export type Step =
  /** Ask the researcher for this experiment's proposal. */
  | { readonly kind: 'propose'; readonly experiment: number; readonly attempt: number }
  /** Make the edits of a proposal that has not run yet on the incumbent that was kept meanwhile. */
  | { readonly kind: 'reapply'; readonly experiment: number }
  | { readonly kind: 'commit-candidate'; readonly experiment: number }
  | ({ readonly kind: 'start-run' } & RunStep)
  | AwaitRun
  | { readonly kind: 'give-verdict'; readonly experiment: number }
  /** The GPU was lost or filled: wait until it can be used again. */
  | { readonly kind: 'await-gpu' }
  /** The owner has paused the study: wait for `nocturne resume`. */
  | { readonly kind: 'await-resume' }
  | { readonly kind: 'move-branch'; readonly experiment: number }
  /** Take a keep out, as the owner asked. */
  | { readonly kind: 'withdraw'; readonly experiment: number }
  /** Say that the machine may have changed; the incumbent's next run then follows. */
  | { readonly kind: 'suspect-drift'; readonly experiment: number; readonly run: number; readonly reason: string }
  | { readonly kind: 'doubt-gain'; readonly experiment: number; readonly run: number; readonly reason: string }
  /** The baseline does not run, so there is nothing to compare with. */
  | {
      readonly kind: 'give-up';
      readonly reason: string;
      readonly evidence: string;
      /** Whether its time limit ended it. */
      readonly isTimedOut?: true;
    }
  /** The baseline does not report a guard's metric, so nothing could ever be kept. */
  | { readonly kind: 'refuse-guard'; readonly guard: UnreportedGuard }
  | ({ readonly kind: 'stop' } & Stop);

/** How much may go on at once. */
export interface Room {
  /** Runs in flight. */
  readonly slots: number;
  /** The slots that something else than a run has just now. */
  readonly taken?: readonly number[];
  /** Proposals beyond those that slots have begun to run: asked for, or waiting for a slot. */
  readonly ahead: number;
  /** Proposals that may be asked for at once. */
  readonly asks: number;
  /** The numbers of those that are being asked for. */
  readonly asked: readonly number[];
  /** Whether the first proposal may be asked for while the last of the baseline's runs goes on. */
  readonly opens?: boolean;
  /** Whether nothing new is to begin: neither a proposal nor the first run of one. */
  readonly isEnding?: boolean;
}
