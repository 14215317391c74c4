/** A training script that games its score, or is accused of it, and what must become of it. */

/** The projects that cheats are handed in to. */
export type Sandbox = 'tiny' | 'guarded' | 'gpt' | 'self';

/**
 * What became of one that was handed in.
 *
 * - `refused`: it costs no run.
 * - `failed`: it ran and has no score.
 * - `reverted`: it has a score that is no better.
 * - `kept`: it is an improvement of the study.
 * - `stopped`: the study stopped because of it, and said so.
 * - `broken`: the journal cannot be read any more.
 */
export type End = 'refused' | 'failed' | 'reverted' | 'kept' | 'stopped' | 'broken';

/** An end, and what the reason for it must say. */
export type Ends = readonly [end: End, why: RegExp];

export interface Cheat {
  /** Unique in the whole list. */
  readonly name: string;
  readonly sandbox: Sandbox;
  /** What it does, in one sentence. */
  readonly does: string;
  /** The whole of its `train.py`, made from the sandbox's own in this folder of sandboxes. */
  readonly script: (sandboxes: string) => string;
  /** Where runs are caged; `bare` is the same without isolation, where that differs. */
  readonly caged: Ends;
  readonly bare?: Ends;
  /** What it leaves behind without isolation, whatever its score is; caged, nothing may be left. */
  readonly harmsBare?: RegExp;
  /** Why nothing but isolation stops it, for those that are kept without. */
  readonly openBare?: string;
  /** Whether it is honest work, that must not be accused. */
  readonly isHonest?: true;
  /** The cheat that is handed in just before it, and leaves something for it. */
  readonly after?: string;
}

/** Whether the runs of a study are kept from the rest of the machine, as well as it can be had here. */
export type Isolation = 'caged' | 'none';

/** Judged by what it really does, which is made to be worse than the baseline. */
export const worse: Ends = ['reverted', /^worse by /];

/** An improvement of the study. */
export const kept: Ends = ['kept', /^better by /];
