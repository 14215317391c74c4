/**
 * How far a study is, and when it is expected to end: by the first of its stop rules that is an amount, at the study's own pace
 * with its slots. What nothing tells yet is null, never 0.
 */
import { countText, formatDuration, formatHours, formatUsd } from '../base/format.ts';
import { ideasOf, liveHours } from '../decide/stopping.ts';
import { currentGpuPause, currentOwnerPause, type History, openRuns, type RunRecord } from '../journal/history.ts';
import { type Moment, secondsBetween, sessionSeconds } from '../journal/live-time.ts';
import { mean } from '../statistics/moments.ts';
import { type StopRule, stopRulesOf } from './stop-rules.ts';

export interface TimeLeft {
  /** The rule that is expected to end the study first, and what is used of it; null where no rule is an amount that is used up. */
  readonly rule: StopRule['rule'] | null;
  readonly used: number | null;
  readonly max: number | null;
  /** Live seconds until then; null where nothing tells it yet. */
  readonly seconds: number | null;
  /** When that is, an ISO time; null where the seconds are, and while the study stands still or waits. */
  readonly endsAt: string | null;
  /** Rules that may end it sooner, and that nobody can foresee. */
  readonly sooner: readonly ('plateau' | 'target' | 'experiments')[];
}

/** Runs of a session after which its own pace counts: earlier ones may have had other slots, machines and researchers. */
const runsOfPace = 3;
/** The most of a run in flight that counts as done, however long it takes. */
const mostDone = 0.9;

/** What is left as of `now`; `isLive` tells whether a controller works on the study. */
export function timeLeftOf(history: History, now: Moment, isLive: boolean): TimeLeft {
  const rules = stopRulesOf(history, now).filter(({ rule }) => rule !== 'plateau');
  const told = rules.map((rule) => ({ ...rule, seconds: secondsLeft(history, rule, now, isLive) }));
  const known = told.filter((each): each is StopRule & { seconds: number } => each.seconds !== undefined);
  const first = known.toSorted((a, b) => a.seconds - b.seconds)[0];
  const shown = first ?? told.toSorted((a, b) => b.used / b.max - a.used / a.max)[0];
  const stands = !isLive || currentOwnerPause(history) !== undefined || currentGpuPause(history) !== undefined;
  const { plateau, target, experiments } = history.session.stop;
  const isPaceless =
    experiments !== undefined && first !== undefined && !known.some(({ rule }) => rule === 'experiments');
  return {
    rule: shown?.rule ?? null,
    used: shown?.used ?? null,
    max: shown?.max ?? null,
    seconds: first?.seconds ?? null,
    endsAt: first && !stands ? new Date(Date.parse(now.at) + first.seconds * 1000).toISOString() : null,
    sooner: [
      ...(plateau === undefined ? [] : (['plateau'] as const)),
      ...(target === undefined ? [] : (['target'] as const)),
      ...(isPaceless ? (['experiments'] as const) : []),
    ],
  };
}

/** Live seconds until the rule is met; undefined where nothing tells it yet. */
function secondsLeft(
  history: History,
  { rule, used, max }: StopRule,
  now: Moment,
  isLive: boolean,
): number | undefined {
  const left = Math.max(0, max - used);
  if (rule === 'hours') return left * 3600;
  if (rule === 'experiments') return secondsOfIdeas(history, max, now, isLive);
  return used === 0 ? undefined : (left * liveHours(history, now) * 3600) / used;
}

/** Live seconds until so many ideas are settled: runs that are left to make, at the pace of those that were made. */
function secondsOfIdeas(history: History, max: number, now: Moment, isLive: boolean): number | undefined {
  const open = history.unsettled.flatMap((experiment) => history.experiments[experiment] ?? []).filter(isIdea);
  const settledIdeas = ideasOf(history) - open.length;
  const ideas = Math.max(0, max - settledIdeas);
  if (ideas === 0) return 0;
  const settledRuns = history.settled
    .filter((experiment) => experiment > 0)
    .reduce((sum, experiment) => sum + endedRuns(history.experiments[experiment]?.runs ?? []).length, 0);
  if (settledIdeas === 0 || settledRuns === 0) return undefined;
  const pace = paceOf(history, now, isLive);
  if (!pace) return undefined;
  const made = open.reduce((sum, { runs }) => sum + endedRuns(runs).length, 0) + pace.inFlight;
  const needed = (ideas * settledRuns) / settledIdeas;
  return Math.max(needed - made, (1 - mostDone) * needed) * pace.secondsPerRun;
}

interface Pace {
  /** Live seconds for each run, with whatever goes on beside and between them. */
  readonly secondsPerRun: number;
  /** Runs in flight, as parts of runs that are done. */
  readonly inFlight: number;
}

function paceOf(history: History, now: Moment, isLive: boolean): Pace | undefined {
  const all = history.experiments.flatMap(({ runs }) => runs);
  const own = all.filter(({ startedSeq }) => startedSeq > history.sessionSeq);
  const isFirst = history.earlierSeconds === 0;
  const isOwn = isFirst || endedRuns(own).length >= runsOfPace;
  const runs = isOwn ? own : all;
  const ended = endedRuns(runs);
  if (ended.length === 0) return undefined;
  const usual = Math.max(0.001, mean(ended.map(({ result }) => result?.seconds ?? 0)));
  const inFlight = isLive ? runsInFlight(history, now, usual) : 0;
  const live = isOwn ? sessionSeconds(history, now) - secondsBefore(history, own) : liveHours(history, now) * 3600;
  return { secondsPerRun: Math.max(0, live) / (ended.length + inFlight), inFlight };
}

/** From the session's start to its first run: what `prepare` takes comes once. */
function secondsBefore({ sessionStartedAt }: History, [first]: readonly RunRecord[]): number {
  return first?.startedAt === undefined ? 0 : secondsBetween(sessionStartedAt, first.startedAt);
}

function runsInFlight({ unsettled, experiments }: History, { at }: Moment, usual: number): number {
  const open = unsettled.flatMap((experiment) => openRuns(experiments[experiment] ?? { runs: [] }));
  const done = open.map(({ startedAt }) => (startedAt === undefined ? 0 : secondsBetween(startedAt, at) / usual));
  return done.reduce((sum, share) => sum + Math.min(mostDone, share), 0);
}

function endedRuns(runs: readonly RunRecord[]): readonly RunRecord[] {
  return runs.filter(({ result }) => result !== undefined);
}

function isIdea({ experiment, reapplies }: History['experiments'][number]): boolean {
  return experiment > 0 && reapplies === undefined;
}

/** How far it is, such as `12 of 40 experiments`; undefined without a rule that is an amount. */
export function progressText({ rule, used, max }: Pick<TimeLeft, 'rule' | 'used' | 'max'>): string | undefined {
  if (rule === null || used === null || max === null) return undefined;
  switch (rule) {
    case 'hours':
      return `${formatDuration(used * 3600)} of ${formatDuration(max * 3600)}`;
    case 'usd':
      return `${formatUsd(used)} of ${formatUsd(max)} USD`;
    case 'gpu_hours':
      return `${formatHours(used)} of ${formatHours(max)} GPU hours`;
    case 'tokens':
      return `${used} of ${countText(max, 'token')}`;
    default:
      return `${used} of ${countText(max, 'experiment')}`;
  }
}

/** How long it may still take, in words; `showTime` prints an ISO time. */
export function timeLeftText({ rule, seconds, endsAt, sooner }: TimeLeft, showTime: (at: string) => string): string {
  if (seconds === null) return rule === null ? 'no stop rule tells when it ends' : 'when it ends is not known yet';
  const until = endsAt === null ? ' of live time left' : ` left, until ${showTime(endsAt)}`;
  const names = sooner.map((name) => `\`${name}\``).join(' or ');
  return `about ${formatDuration(seconds)}${until}${names === '' ? '' : `; sooner by ${names}`}`;
}
