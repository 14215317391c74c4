/**
 * The History that a fold extends in place, and how it begins.
 */
import type { Entry, EntryOf } from './entry.ts';
import type { GpuPause } from './gpu-trouble.ts';
import type {
  Absence,
  ExperimentRecord,
  HandedIn,
  History,
  Insight,
  Mend,
  Note,
  OwnerPause,
  Refusal,
  RunAgain,
  RunRecord,
  SpaceChange,
  Spent,
} from './history.ts';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
/** An experiment while the fold extends it. */
export type ExperimentDraft = Omit<Mutable<ExperimentRecord>, 'runs'> & { runs: Mutable<RunRecord>[] };

/** A History while the fold extends it. */
export type Draft = Omit<
  Mutable<History>,
  | 'experiments'
  | 'unsettled'
  | 'settled'
  | 'overtaken'
  | 'toWithdraw'
  | 'contents'
  | 'forms'
  | 'handedIn'
  | 'refusals'
  | 'drifts'
  | 'doubts'
  | 'gpuPauses'
  | 'ownerPauses'
  | 'words'
  | 'mends'
  | 'notes'
  | 'insights'
  | 'spaceChanges'
  | 'spentOn'
  | 'modelsAway'
> & {
  experiments: ExperimentDraft[];
  unsettled: number[];
  settled: number[];
  overtaken: number[];
  toWithdraw: number[];
  contents: Map<string, number>;
  forms: Map<string, number>;
  handedIn: HandedIn[];
  refusals: Refusal[];
  drifts: RunAgain[];
  doubts: RunAgain[];
  gpuPauses: Mutable<GpuPause>[];
  ownerPauses: Mutable<OwnerPause>[];
  words: Set<string>;
  mends: Mend[];
  notes: Note[];
  insights: Insight[];
  spaceChanges: SpaceChange[];
  spentOn: Map<number, Spent>;
  modelsAway: Map<string, Absence>;
};

/** Where a session's live time is counted from. */
export function liveFrom({ live }: Pick<Entry, 'live'>): History['sessionLive'] {
  return live === undefined ? undefined : { began: live, last: live };
}

/** Before the first call of a model. */
export const nothingSpent: Spent = {
  tokens: 0,
  usd: 0,
  unpricedCalls: 0,
  unmeteredCalls: 0,
  model: '',
};

/** The History of a study that has just started; one that begins anew goes on with what was handed in, if it all can be run. */
export function startDraft(entry: EntryOf<'study-started'>, handedIn: readonly HandedIn[] = []): Draft {
  const { edit } = entry.frozen;
  const canRun = handedIn.every(({ files }) => Object.keys(files).every((name) => edit.includes(name)));
  return {
    tag: entry.tag,
    study: entry.study,
    brief: entry.brief,
    start: entry.start,
    checkout: entry.checkout,
    ...(entry.earlier && { earlier: entry.earlier }),
    startedAt: entry.at,
    frozen: entry.frozen,
    session: entry.session,
    extended: {},
    isolation: entry.isolation,
    lowestIsolation: entry.isolation,
    open: entry.open,
    interpreter: entry.interpreter,
    ...(entry.machine && { machine: entry.machine }),
    isSeedNamed: entry.isSeedNamed,
    isBudgetNamed: entry.isBudgetNamed,
    isClockRead: entry.isClockRead,
    isLimitNamed: entry.isLimitNamed,
    draws: entry.draws,
    assumes: entry.assumes,
    experiments: [{ experiment: 0, proposedAt: entry.at, runs: [], judgedRuns: 0, isBranchMoved: true }],
    unsettled: [0],
    settled: [],
    overtaken: [],
    incumbent: 0,
    tip: entry.start,
    branch: entry.start,
    toWithdraw: [],
    withdrawals: 0,
    contents: new Map(),
    forms: new Map(),
    handedIn: canRun ? [...handedIn] : [],
    refusals: [],
    drifts: [],
    doubts: [],
    gpuPauses: [],
    ownerPauses: [],
    words: new Set(),
    mends: [],
    reapplied: 0,
    refusedInARow: 0,
    refusedThisSession: 0,
    kept: 0,
    sinceKeep: 0,
    notes: [],
    insights: [],
    spaceChanges: [],
    spent: nothingSpent,
    gpuSeconds: 0,
    modelsAway: new Map(),
    spentOn: new Map(),
    earlierSeconds: 0,
    sessionStartedAt: entry.at,
    sessionSeq: entry.seq,
    sessionLive: liveFrom(entry),
    pausedSeconds: 0,
    lastAt: entry.at,
    lastSeq: entry.seq,
  };
}
