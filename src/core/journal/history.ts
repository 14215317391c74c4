/**
 * The study so far, as its journal tells it; every view and every decision reads this and nothing else.
 *
 * Read-only here: `fold.ts` is the one place that makes a History and lets it grow.
 */

import { ok } from '../base/errors.ts';
import type { CodeSize } from './code-size.ts';
import type { Earlier } from './earlier.ts';
import type { Expectation, StopReason } from './entry.ts';
import type { Extended } from './extended-stop.ts';
import type { GpuPause } from './gpu-trouble.ts';
import type { Intrusion } from './intrusion.ts';
import type { Frozen, Session } from './kept-settings.ts';
import type { Machine } from './machine.ts';
import type { Hidden, JournalledValue, Proposal } from './proposal.ts';
import type { RunResult } from './run.ts';
import type { Verdict } from './verdict.ts';

export interface RunRecord {
  readonly run: number;
  readonly seed: number;
  /** The number of the entry with which it began: what came first is told by these, because a clock may be set. */
  readonly startedSeq: number;
  /** When that was, for people; nothing is decided by it. */
  readonly startedAt?: string;
  /** Which of the study's slots it has, from 0 on; absent where there was one. */
  readonly slot?: number;
  readonly endedAt?: string;
  /** Absent while the run is in flight. */
  readonly result?: RunResult;
  /** Whether the owner stopped the study, by a signal or by `stop --now`, while the run was in flight. */
  readonly isStopped?: boolean;
  /** Whether another program, perhaps the run itself, wrote into the journal meanwhile. */
  readonly isJournalTouched?: boolean;
  /** Whether it began in a session before the one in which it ended: its controller died meanwhile. */
  readonly isOrphaned?: boolean;
  /**
   * Whether it says nothing about the candidate: cancelled, lost, contended and repeated, or a failed baseline of an
   * earlier session.
   */
  readonly isVoid: boolean;
}

/** What `researcher: auto` said of a proposal, and what failed before it; empty for most of any other researcher. */
export interface ArmChoice {
  readonly arm?: string | undefined;
  readonly why?: string | undefined;
  readonly thoughtSeconds?: number | undefined;
  readonly inPlaceOf?: { readonly researcher: string; readonly reason: string } | undefined;
}

export interface ExperimentRecord extends ArmChoice {
  readonly experiment: number;
  /** Absent for the baseline. */
  readonly parent?: number;
  readonly researcher?: string;
  readonly proposal?: Proposal;
  /** By `file:KNOB`, the value in the parent of each knob that the proposal sets, where it was journalled. */
  readonly from?: Readonly<Record<string, JournalledValue>>;
  /** The reverted experiments whose edits it makes together; absent for a proposal of a researcher. */
  readonly combines?: readonly number[];
  /** The experiment whose edits, which gained on an older incumbent, it makes on this parent. */
  readonly reapplies?: number;
  /** What a model of the trials expected of it on this parent. */
  readonly expects?: Expectation;
  /** The reverted experiment that it runs again as it was. */
  readonly repeats?: number;
  readonly proposedAt: string;
  readonly candidate?: {
    readonly commit: string;
    readonly tree: string;
    readonly content: string;
    readonly code?: CodeSize;
  };
  readonly runs: readonly RunRecord[];
  /** The latest verdict, and the number of counted runs that it is based on. */
  readonly verdict?: Verdict;
  readonly judgedRuns: number;
  /** The commit on the accepted branch: the keep's own, or the start for the baseline. */
  readonly kept?: string;
  readonly isBranchMoved: boolean;
  /** Of a keep that the owner took out, or that stood on one: its commit, and the keep that was meant. */
  readonly withdrawn?: { readonly kept: string; readonly with: number };
}

export interface Refusal extends ArmChoice {
  readonly experiment: number;
  readonly attempt: number;
  readonly researcher: string;
  readonly title: string;
  readonly reason: string;
  /** The experiment whose edits, which gained on an older incumbent, it would have made on this one. */
  readonly reapplies?: number;
}

export interface Note {
  readonly id?: string;
  readonly text: string;
  readonly at: string;
}

/** A model's summary of what the experiments up to this one have taught. */
export interface Insight {
  readonly experiment: number;
  readonly text: string;
}

/** Ranges that a search narrowed, shifted or opened, from this experiment on. */
export interface SpaceChange {
  readonly experiment: number;
  /** Number of trials that the decision is based on. */
  readonly trials: number;
  readonly reason: string;
  /** Ranges as texts, as in a brief. */
  readonly changes: readonly {
    readonly file: string;
    readonly knob: string;
    readonly from: string;
    readonly to: string;
  }[];
}

/** What model calls have cost so far. */
export interface Spent {
  readonly tokens: number;
  /** Without the calls whose price is unknown. */
  readonly usd: number;
  readonly unpricedCalls: number;
  /** Calls whose tokens are unknown; `tokens` is without them. */
  readonly unmeteredCalls: number;
  /** Calls whose tokens were estimated, which are part of `tokens` and `usd`; absent when there are none. */
  readonly estimatedCalls?: number;
  /** The model called last; empty before the first call. */
  readonly model: string;
}

/** Why the incumbent was run again: its runs from this number on. */
export interface RunAgain {
  readonly experiment: number;
  readonly run: number;
  readonly reason: string;
  readonly seq: number;
}

/** When the journal was made whole again, and what had been wrong with it. */
export interface Mend extends Intrusion {
  readonly at: string;
}

/** An experiment that was handed in with `nocturne try`. */
export interface HandedIn {
  readonly experiment: number;
  readonly id: string;
  readonly title: string;
  readonly hypothesis: string;
  /** The editable files as they are to be run, with marks in the place of secrets. */
  readonly files: Readonly<Record<string, string>>;
  /** The experiment whose code it was made from. */
  readonly from: number;
  /** Where in that code the secrets stand whose marks the files have. */
  readonly hidden?: Hidden | undefined;
}

/** Since when (an ISO time) a model or an agent cannot be asked, and why: the code of its fault. */
export interface Absence {
  readonly since: string;
  readonly code: string;
}

/** A time in which nothing was begun, as the owner wanted by `nocturne pause`. */
export interface OwnerPause {
  readonly since: string;
  /** Absent while the study is paused. */
  readonly until?: string;
}

export interface History {
  readonly tag: string;
  readonly study: string;
  readonly brief: string;
  readonly start: string;
  /** What the owner had checked out then, where that is not the start and the journal says so. */
  readonly checkout?: string | undefined;
  /** Experiments of another program that it goes on from. */
  readonly earlier?: Earlier | undefined;
  readonly startedAt: string;
  readonly frozen: Frozen;
  /** With the stop rules as `extended` raised them. */
  readonly session: Session;
  readonly extended: Extended;
  /** The tier of the last session's runs. */
  readonly isolation: string;
  /** The lowest tier of all sessions: what every run of the study had at least. */
  readonly lowestIsolation: string;
  /** What the last session's tier leaves open, by the names of the probes that found it; absent where it was not looked for. */
  readonly open?: readonly string[] | undefined;
  readonly interpreter: string;
  /** Where runs run, as of the last session that found out. */
  readonly machine?: Machine | undefined;
  /** Whether any file of the sandbox names NOCTURNE_SEED. */
  readonly isSeedNamed: boolean;
  /** Whether any names its budget, reads a clock, or names a limit of its time; absent in older studies. */
  readonly isBudgetNamed?: boolean | undefined;
  readonly isClockRead?: boolean | undefined;
  readonly isLimitNamed?: boolean | undefined;
  /** How searches draw a knob at first; absent in a study of before: anywhere in its range. */
  readonly draws?: 'near-first' | undefined;
  /** What the `value` policy assumes of proposals before it has seen them: what public studies show, else what it did before. */
  readonly assumes?: 'public' | undefined;
  /** Index is the experiment's number. */
  readonly experiments: readonly ExperimentRecord[];
  /** Experiments without a final verdict, in the order of their numbers. */
  readonly unsettled: readonly number[];
  /** The others, in the order of their final verdicts. */
  readonly settled: readonly number[];
  /** Experiments that gained on an older incumbent and whose edits have yet to be tried on this one, oldest first. */
  readonly overtaken: readonly number[];
  /** The number of the best accepted candidate so far. */
  readonly incumbent: number;
  /** The accepted commit: where the branch stands, or is about to. */
  readonly tip: string;
  /** Where the study moved the branch last. */
  readonly branch: string;
  /** Keeps that the owner wants out and that are not yet. */
  readonly toWithdraw: readonly number[];
  /** How often a keep was taken out: what is made of the verdicts before must be made anew after each. */
  readonly withdrawals: number;
  /** Content of the editable files -> the experiment that tried it first. */
  readonly contents: ReadonlyMap<string, number>;
  /** Form of a program, without comments, layout, names and seeds -> the experiment that tried it first. */
  readonly forms: ReadonlyMap<string, number>;
  /** Handed in and not proposed yet, in the order of their numbers, which follow on the last experiment's. */
  readonly handedIn: readonly HandedIn[];
  readonly refusals: readonly Refusal[];
  /** How many of the experiments make the edits of an earlier one on a newer incumbent. */
  readonly reapplied: number;
  /** Refusals since the last numbered experiment. */
  readonly refusedInARow: number;
  /** The same, counted anew in each session: an owner who resumes a paused study has mended something. */
  readonly refusedThisSession: number;
  readonly kept: number;
  /** Numbered experiments since the last keep. */
  readonly sinceKeep: number;
  /** When the machine was suspected to have changed, oldest first. */
  readonly drifts: readonly RunAgain[];
  /** When a large gain was doubted, oldest first. */
  readonly doubts: readonly RunAgain[];
  /** When the study waited for its GPU, oldest first; it waits while the last one has no end. */
  readonly gpuPauses: readonly GpuPause[];
  /** When the owner paused the study, oldest first; it is paused while the last one has no end. */
  readonly ownerPauses: readonly OwnerPause[];
  /** The ids of the owner's words that change how the study goes on: each counts once. */
  readonly words: ReadonlySet<string>;
  /** When the journal was made whole again, oldest first. */
  readonly mends: readonly Mend[];
  /** The owner's notes, oldest first. */
  readonly notes: readonly Note[];
  readonly insights: readonly Insight[];
  readonly spaceChanges: readonly SpaceChange[];
  readonly spent: Spent;
  /** Seconds of all runs, void and failed ones included, each times the number of GPUs that it could use. */
  readonly gpuSeconds: number;
  /** The models and agents that were reported away since they last answered, by the brief's names for them. */
  readonly modelsAway: ReadonlyMap<string, Absence>;
  /** What was spent on proposing each experiment, refused attempts included. */
  readonly spentOn: ReadonlyMap<number, Spent>;
  /** Whether the owner wants this session to end; absent where nobody does, and once it has ended. */
  readonly isStopAsked?: boolean;
  readonly stopped?: {
    readonly reason: StopReason;
    readonly detail: string;
    /** Whether the owner has raised the rule that ended it. */
    readonly isExtended?: true;
  };
  /** Live seconds of the sessions before this one. */
  readonly earlierSeconds: number;
  readonly sessionStartedAt: string;
  /** The number of the entry with which this session began. */
  readonly sessionSeq: number;
  /** The controller's own clock when this session began, and at its last entry; absent in older journals. */
  readonly sessionLive?: { readonly began: number; readonly last: number } | undefined;
  /** Seconds of this session in which it was paused by the owner, in pauses that have ended. */
  readonly pausedSeconds: number;
  /** Seconds of this session before the pause in which the study is; absent while it is in none. */
  readonly pausedFrom?: number;
  readonly lastAt: string;
  readonly lastSeq: number;
}

/** The experiment with this number. Throws when there is none, which is a bug. */
export function experimentOf(history: History, experiment: number): ExperimentRecord {
  const record = history.experiments[experiment];
  ok(record !== undefined, `experiment ${experiment} is in the journal`);
  return record;
}

/** The baseline and every kept experiment, in the order in which they were kept: with several slots not that of their numbers. */
export function keptInOrder({
  experiments,
  settled,
}: Pick<History, 'experiments' | 'settled'>): readonly ExperimentRecord[] {
  return settled.flatMap((experiment) => experiments[experiment] ?? []).filter(({ kept }) => kept !== undefined);
}

/** Whether it was dropped before it ran, because it does not go together with what was kept meanwhile: it is no failure. */
export function isDropped({
  experiment,
  runs,
  verdict,
}: Pick<ExperimentRecord, 'experiment' | 'runs' | 'verdict'>): boolean {
  return experiment > 0 && runs.length === 0 && verdict?.decision === 'revert';
}

/** Whether runs of this session are made one after the other; `auto` may be several. */
export function hasOneSlot({ session }: Pick<History, 'session'>): boolean {
  return (session.slots ?? 1) === 1;
}

/** The runs of an experiment that were begun and have no result yet. */
export function openRuns({ runs }: Pick<ExperimentRecord, 'runs'>): readonly RunRecord[] {
  return runs.filter(({ result }) => !result);
}

/** The number that the next experiment that is handed in gets: behind those that were proposed or handed in before. */
export function nextNumber({ experiments, handedIn }: Pick<History, 'experiments' | 'handedIn'>): number {
  return experiments.length + handedIn.length;
}

/** The pause in which the study is now; undefined when it is in none. */
export function currentGpuPause({ gpuPauses }: Pick<History, 'gpuPauses'>): GpuPause | undefined {
  const last = gpuPauses.at(-1);
  return last?.until === undefined ? last : undefined;
}

/** The same for a pause of the owner's. */
export function currentOwnerPause({ ownerPauses }: Pick<History, 'ownerPauses'>): OwnerPause | undefined {
  const last = ownerPauses.at(-1);
  return last?.until === undefined ? last : undefined;
}

/** The runs that say something about the candidate: ended, and neither cancelled, lost nor contended. */
export function countedRuns(record: Pick<ExperimentRecord, 'runs'>): readonly RunRecord[] {
  return record.runs.filter((run) => run.result !== undefined && !run.isVoid);
}

/** A counted run that ended without a score, if there is one: a candidate that fails on some seeds is not judged. */
export function scorelessRun(record: Pick<ExperimentRecord, 'runs'>): RunRecord | undefined {
  return countedRuns(record).find((run) => !run.result?.measurement);
}

/** The scores of an experiment's counted runs. */
export function valuesOf(record: ExperimentRecord): number[] {
  return countedRuns(record).flatMap((run) => (run.result?.measurement ? [run.result.measurement.value] : []));
}
