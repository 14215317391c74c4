/**
 * The state of a study in one object, as `status --json` prints it.
 */

import { countText } from '../base/format.ts';
import { gaugeOf } from '../confirm/read-gauge.ts';
import { liveHours } from '../decide/stopping.ts';
import { baselineFailure, type ExperimentStatus, statusOf, voucherOf } from '../journal/experiment-row.ts';
import { failingSearchWarnings } from '../journal/failing-search.ts';
import type { GaugeReading } from '../journal/gauge-reading.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import { currentGpuPause, currentOwnerPause, experimentOf, type History, valuesOf } from '../journal/history.ts';
import { idleEditWarnings } from '../journal/idle-edits.ts';
import { halfWidths } from '../journal/interval.ts';
import { metricDecimals } from '../journal/metric-decimals.ts';
import { type Noise, pooledNoise } from '../journal/noise.ts';
import type { Voucher } from '../journal/run.ts';
import { mean, standardDeviation } from '../statistics/moments.ts';

import { type ConfirmedStatus, confirmedStatus } from './confirmed-status.ts';
import { type Outlook, outlookOf } from './forecast/outlook.ts';
import { type RunInFlight, runsInFlightOf, waitingExperiments } from './in-flight.ts';
import { type LastingGain, lastingGains } from './lasting-gain.ts';
import { mendSentences } from './mend-text.ts';
import { type Places, placesOf } from './places.ts';
import { type ResearcherRow, researcherRows } from './researchers.ts';
import { isFinished, isWorkedOnIn, type RoomAwaited, type StudyState, stateOf } from './study-state.ts';
import { type TimeLeft, timeLeftOf } from './time-left.ts';

export interface Status {
  readonly tag: string;
  readonly state: StudyState;
  readonly metric: string;
  /** Decimals that the study's scores and gains are printed with. */
  readonly decimals: number;
  readonly goal: 'minimize' | 'maximize';
  readonly baseline: { readonly mean: number; readonly sd: number | null; readonly n: number } | null;
  /** Why the baseline has no score; null where it has one or may still get it. */
  readonly baselineFailure: string | null;
  readonly best: {
    readonly experiment: number;
    readonly commit: string;
    readonly mean: number;
    /** 95 % interval of the mean, from the pooled noise; null while nothing was repeated. */
    readonly ci95: readonly [number, number] | null;
    readonly n: number;
    /** Who vouches for it. */
    readonly vouched: Voucher | null;
  } | null;
  readonly experiments: number;
  readonly kept: number;
  readonly reverted: number;
  readonly failed: number;
  /** Experiments that were dropped before they ran, because they do not go together with what was kept meanwhile; absent for none. */
  readonly dropped?: number;
  readonly runs: number;
  /** How many runs may be in flight, where the study does not have one slot. */
  readonly slots?: number | 'auto';
  /** The runs in flight, in the order of their slots; absent when there are none. */
  readonly inFlight?: readonly RunInFlight[];
  /** Experiments that are proposed, or to be run again, and wait for a slot; absent when there are none. */
  readonly waiting?: readonly number[];
  /** Numbers of the experiments that were handed in and wait for their turn; absent when there are none. */
  readonly handedIn?: readonly number[];
  readonly spent: {
    readonly usd: number;
    readonly tokens: number;
    /** Calls whose price is unknown; `usd` is without them. */
    readonly unpricedCalls: number;
    /** Calls that did not say how many tokens they used; `tokens` is without them. */
    readonly unmeteredCalls: number;
    /** Calls whose tokens were estimated, which are part of `tokens` and `usd`; absent when there are none. */
    readonly estimatedCalls?: number;
    readonly hours: number;
    /** 0 where no run could use a GPU that nvidia-smi shows. */
    readonly gpuHours: number;
  };
  /** What the runs are on, and where; absent in a study whose runs do not say it, such as one of a lone slot on this machine. */
  readonly places?: Places;
  /** The tier of the last session's runs. */
  readonly isolation: string;
  /** The lowest tier of all sessions, where that is another one. */
  readonly lowestIsolation?: string;
  /** Whether the brief allows the network to training. */
  readonly network: boolean;
  /** What the tier leaves open here, by the names of the probes that found it; null where that was not looked for. */
  readonly open: readonly string[] | null;
  /** What each researcher of `auto` gained; empty for a study without `auto`. */
  readonly arms: readonly ResearcherRow[];
  /** The latest confirmation that has its result; null before the first. */
  readonly confirmed: ConfirmedStatus | null;
  /** The latest confirmation at a longer budget that has its result; null before the first. */
  readonly lasting: LastingGain | null;
  /** The overfitting gauge; null while nothing was graded on the holdout. */
  readonly gauge: GaugeReading | null;
  /** Signs that what experiments edit does not reach the score, searches that answer nothing, and what was done to the journal. */
  readonly warnings: readonly string[];
  readonly stop: { readonly reason: string; readonly detail: string } | null;
  /** The models and agents that a running study cannot ask now, since when (an ISO time) and why; absent when there are none. */
  readonly away?: readonly { readonly model: string; readonly since: string; readonly code: string }[];
  /** Keeps that the owner wants out and that are not yet; absent when there are none. */
  readonly toWithdraw?: readonly number[];
  /** Since when, an ISO time, the owner has paused the study; absent when it is not paused. */
  readonly pausedSince?: string;
  /** Since when, an ISO time, and why the study waits for its GPU; null when it does not. */
  readonly gpuPause: { readonly since: string; readonly kind: string; readonly reason: string } | null;
  /** Absent for a study that does not wait for room on its disk. */
  readonly roomAwaited?: RoomAwaited;
  /** How far it is, and when it is expected to end; null for one that has ended by its rule, is stopping, or is confirmed. */
  readonly timeLeft: TimeLeft | null;
  /** What to expect of more experiments, as of the last entry; null until the baseline has a score. */
  readonly outlook: Outlook | null;
}

/**
 * The status as of `now`; `isLive` tells whether a controller works on the study. A caller that knows the noise passes
 * it.
 */
export function statusOfStudy(
  whole: WholeHistory,
  now: string,
  isLive: boolean,
  noise = pooledNoise(whole.history),
  roomAwaited?: RoomAwaited,
): Status {
  return { ...figuresOfStudy(whole, now, isLive, noise, roomAwaited), outlook: outlookOf(whole.history) ?? null };
}

/** The status without what to expect, which takes a while to work out. */
export function figuresOfStudy(
  whole: WholeHistory,
  now: string,
  isLive: boolean,
  noise: Noise | undefined,
  roomAwaited?: RoomAwaited,
): Omit<Status, 'outlook'> {
  const { history } = whole;
  const counts = countStatuses(history);
  const places = placesOf(history);
  const { name, goal } = history.frozen.metric;
  return {
    tag: history.tag,
    state: stateOf(history, isLive, roomAwaited),
    metric: name,
    decimals: metricDecimals(history, noise),
    goal,
    baseline: baselineOf(history),
    baselineFailure: baselineFailure(experimentOf(history, 0)) ?? null,
    best: bestOf(history, noise),
    experiments: history.experiments.length - 1,
    kept: counts.kept,
    reverted: counts.reverted,
    failed: counts.failed,
    ...(counts.dropped > 0 && { dropped: counts.dropped }),
    runs: history.experiments.reduce((sum, record) => sum + record.runs.length, 0),
    ...goingOn(whole, isLive ? now : undefined),
    ...(history.handedIn.length > 0 && { handedIn: history.handedIn.map(({ experiment }) => experiment) }),
    spent: {
      usd: history.spent.usd,
      tokens: history.spent.tokens,
      unpricedCalls: history.spent.unpricedCalls,
      unmeteredCalls: history.spent.unmeteredCalls,
      ...(history.spent.estimatedCalls && { estimatedCalls: history.spent.estimatedCalls }),
      hours: liveHours(history, { at: isLive ? now : history.lastAt }),
      gpuHours: history.gpuSeconds / 3600,
    },
    ...(places && { places }),
    isolation: history.isolation,
    ...(history.lowestIsolation !== history.isolation && { lowestIsolation: history.lowestIsolation }),
    network: history.session.network === true,
    open: history.open ?? null,
    arms: researcherRows(history),
    confirmed: confirmedStatus(whole),
    lasting: lastingGains(whole)[0] ?? null,
    gauge: gaugeOf(whole) ?? null,
    warnings: [...idleEditWarnings(history), ...failingSearchWarnings(history), ...mendSentences(history)],
    stop: history.stopped ? { reason: history.stopped.reason, detail: history.stopped.detail } : null,
    ...(isLive && history.modelsAway.size > 0 && { away: awayOf(history) }),
    ...(history.toWithdraw.length > 0 && { toWithdraw: [...history.toWithdraw] }),
    ...pausedOf(history),
    gpuPause: gpuPauseOf(history),
    ...(roomAwaited && { roomAwaited }),
    timeLeft: timeLeftIn(whole, now, isLive),
  };
}

function timeLeftIn(whole: WholeHistory, now: string, isLive: boolean): TimeLeft | null {
  const { history } = whole;
  // A controller that works on a study which has stopped confirms it.
  const isConfirming = isLive && (history.stopped !== undefined || runsInFlightOf(whole).some(isOfConfirmation));
  const isEnding = isLive && history.isStopAsked === true;
  if (isConfirming || isEnding || isFinished(history)) return null;
  return timeLeftOf(history, { at: isLive ? now : history.lastAt }, isLive);
}

function isOfConfirmation({ confirmation }: RunInFlight): boolean {
  return confirmation !== undefined;
}

function goingOn(whole: WholeHistory, now: string | undefined): Pick<Status, 'slots' | 'inFlight' | 'waiting'> {
  const { slots } = whole.history.session;
  const inFlight = runsInFlightOf(whole, now);
  const waiting = waitingExperiments(whole.history);
  return {
    ...(slots !== undefined && { slots }),
    ...(inFlight.length > 0 && { inFlight }),
    ...(waiting.length > 0 && { waiting }),
  };
}

/** Such as `40 experiments: 5 kept, 33 reverted, 1 failed, 1 running`. */
export function countsText(
  counts: Pick<Status, 'experiments' | 'kept' | 'reverted' | 'failed' | 'dropped' | 'state'>,
): string {
  const { experiments, kept, reverted, failed, dropped = 0, state } = counts;
  const open = experiments - kept - reverted - failed - dropped;
  const opened = open === 0 ? '' : `, ${open} ${isWorkedOnIn(state) ? 'running' : 'not finished'}`;
  return `${countText(experiments, 'experiment')}: ${kept} kept, ${reverted} reverted, ${failed} failed${dropped === 0 ? '' : `, ${dropped} dropped`}${opened}`;
}

/** Such as `Stopped (experiments): 40 experiments done`; a stop that was asked for has no rule to be named. */
export function stopText({ reason, detail }: NonNullable<Status['stop']>): string {
  const text = detail.replace(/\.$/, '');
  return reason === 'stopped' ? `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}` : `Stopped (${reason}): ${text}`;
}

function awayOf({ modelsAway }: History): NonNullable<Status['away']> {
  return [...modelsAway].map(([model, { since, code }]) => ({ model, since, code }));
}

function pausedOf(history: History): Pick<Status, 'pausedSince'> {
  const pause = currentOwnerPause(history);
  return pause ? { pausedSince: pause.since } : {};
}

function gpuPauseOf(history: History): Status['gpuPause'] {
  const pause = currentGpuPause(history);
  return pause ? { since: pause.since, kind: pause.kind, reason: pause.reason } : null;
}

function countStatuses(history: History): Record<ExperimentStatus, number> {
  const counts = { baseline: 0, kept: 0, reverted: 0, failed: 0, dropped: 0, running: 0 };
  for (const record of history.experiments.slice(1)) counts[statusOf(record)] += 1;
  return counts;
}

function baselineOf(history: History): Status['baseline'] {
  const values = valuesOf(experimentOf(history, 0));
  if (values.length === 0) return null;
  return { mean: mean(values), sd: values.length > 1 ? standardDeviation(values) : null, n: values.length };
}

function bestOf(history: History, noise: Noise | undefined): Status['best'] {
  const record = experimentOf(history, history.incumbent);
  const values = valuesOf(record);
  if (values.length === 0) return null;
  return {
    experiment: record.experiment,
    commit: history.tip,
    mean: mean(values),
    ci95: noise ? intervalOf(values, noise) : null,
    n: values.length,
    vouched: voucherOf(record) ?? null,
  };
}

function intervalOf(values: readonly number[], noise: Noise): readonly [number, number] {
  const half = halfWidths(noise)(1 / values.length);
  return [mean(values) - half, mean(values) + half];
}
