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
/** The first ideas, which `policy: value` runs again to learn the noise. */
const learningIdeas = 3;
/** What is left of a run that takes longer than any before, as a part of what it took. */
const restOfLongest = 0.1;

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

/** Live seconds until the rule has ended the study; undefined where nothing tells it yet. */
function secondsLeft(
  history: History,
  { rule, used, max }: StopRule,
  now: Moment,
  isLive: boolean,
): number | undefined {
  const left = Math.max(0, max - used);
  if (rule === 'hours') return left * 3600 + overrun(history);
  if (rule === 'experiments') return secondsOfIdeas(history, max, now, isLive);
  if (used === 0) return undefined;
  if (rule === 'gpu_hours') return (left * liveHours(history, now) * 3600) / used;
  // Money and tokens are spent before an idea is run: what is left buys so many more.
  const ideas = ideasOf(history);
  return secondsOfIdeas(history, ideas + (left * ideas) / used, now, isLive);
}

/** How long runs in flight go on after the last live hour: half a run, and the longest of several slots nearly a whole one. */
function overrun(history: History): number {
  const slots = slotsOf(history);
  return (usualSeconds(endedRuns(history.experiments.flatMap(({ runs }) => runs))) * slots) / (slots + 1);
}

/** Live seconds until so many ideas are settled: runs that are left to make, at the pace of those that were made. */
function secondsOfIdeas(history: History, max: number, now: Moment, isLive: boolean): number | undefined {
  const open = history.unsettled.flatMap((experiment) => history.experiments[experiment] ?? []).filter(isIdea);
  const settledIdeas = ideasOf(history) - open.length;
  const ideas = Math.max(0, max - settledIdeas);
  if (ideas === 0) return 0;
  const perIdea = runsPerIdea(history);
  const pace = paceOf(history, now, isLive);
  if (settledIdeas === 0 || !pace) return undefined;
  // Whether an idea is run again does not depend on how often it was: what was made of those in hand brings nothing nearer.
  return Math.max(0, ideas * perIdea - pace.inFlight) * pace.secondsPerRun + pace.secondsInFlight;
}

/**
 * Runs for each idea that is settled: those of ideas in hand and of edits made again on a newer incumbent are part of what an idea
 * costs. Without the first ones, as soon as there are as many others; until then ideas of one run count with them.
 */
function runsPerIdea({ settled, experiments }: History): number {
  const ideas = settled.flatMap((experiment) => experiments[experiment] ?? []).filter(isIdea);
  const runs = runCount(experiments.slice(1));
  if (ideas.length < 2 * learningIdeas) return (runs + learningIdeas) / (ideas.length + learningIdeas);
  return (runs - runCount(ideas.slice(0, learningIdeas))) / (ideas.length - learningIdeas);
}

function runCount(records: readonly Pick<History['experiments'][number], 'runs'>[]): number {
  return records.reduce((sum, { runs }) => sum + endedRuns(runs).length, 0);
}

interface Pace {
  /** Live seconds for each run, with whatever goes on beside and between them. */
  readonly secondsPerRun: number;
  /** How many runs are in flight, with one that is being proposed where there is none, and the live seconds that they still take. */
  readonly inFlight: number;
  readonly secondsInFlight: number;
}

/**
 * Of runs of experiments: those of the baseline need no proposal, and none of them ends early. Runs in flight count with the length
 * that is expected of them: of several slots those that fail soon end first, and alone would promise too much.
 */
function paceOf(history: History, now: Moment, isLive: boolean): Pace | undefined {
  const all = history.experiments.slice(1).flatMap(({ runs }) => runs);
  const own = all.filter(({ startedSeq }) => startedSeq > history.sessionSeq);
  const isFirst = history.earlierSeconds === 0;
  const isOwn = isFirst || endedRuns(own).length >= runsOfPace;
  const ended = endedRuns(isOwn ? own : all);
  if (ended.length === 0) return undefined;
  const live = isOwn
    ? sessionSeconds(history, now) - secondsBefore(history, own)
    : liveHours(history, now) * 3600 - secondsOfBaseline(history);
  const rests = isLive ? restsInFlight(history, now) : [];
  if (rests.length === 0) return paceBetweenRuns(ended, live, now);
  const secondsInFlight = rests.reduce((sum, rest) => sum + rest, 0) / slotsOf(history);
  const secondsPerRun = (Math.max(0, live) + secondsInFlight) / (ended.length + rests.length);
  return { secondsPerRun, inFlight: rests.length, secondsInFlight };
}

/** Nothing is in flight: the next run, which is being proposed, has had its time since the last one ended. */
function paceBetweenRuns(ended: readonly RunRecord[], live: number, { at }: Moment): Pace {
  const last = lastEnd(ended);
  const since = last === undefined ? 0 : secondsBetween(last, at);
  const secondsPerRun = Math.max(0, live - since) / ended.length;
  return {
    secondsPerRun,
    inFlight: 1,
    secondsInFlight: Math.max(secondsPerRun * restOfLongest, secondsPerRun - since),
  };
}

/** From the session's start: in the first one to the end of the baseline, in a later one to the first of its runs. */
function secondsBefore(history: History, [first]: readonly RunRecord[]): number {
  if (history.earlierSeconds === 0) return secondsOfBaseline(history);
  return first?.startedAt === undefined ? 0 : secondsBetween(history.sessionStartedAt, first.startedAt);
}

/** From the study's start to the end of the baseline, before anything was proposed: it comes once, as `prepare` does. */
function secondsOfBaseline({ startedAt, experiments }: History): number {
  const [first] = experiments.slice(1).flatMap(({ runs }) => runs);
  const before = (experiments[0]?.runs ?? []).filter(({ startedSeq }) => startedSeq < (first?.startedSeq ?? 0));
  const last = lastEnd(before);
  return last === undefined ? 0 : secondsBetween(startedAt, last);
}

/** When the last of these runs ended, an ISO time; undefined while none has. */
function lastEnd(runs: readonly RunRecord[]): string | undefined {
  return runs
    .flatMap(({ endedAt }) => endedAt ?? [])
    .toSorted()
    .at(-1);
}

function usualSeconds(ended: readonly RunRecord[]): number {
  return ended.length === 0 ? 0 : Math.max(0.001, mean(ended.map(({ result }) => result?.seconds ?? 0)));
}

function slotsOf({ session }: History): number {
  return typeof session.slots === 'number' ? session.slots : 1;
}

/** Of each run in flight, how long it goes on: as long as those did on average that took longer than it has. */
function restsInFlight({ unsettled, experiments }: History, { at }: Moment): number[] {
  const lengths = endedRuns(experiments.flatMap(({ runs }) => runs)).map(({ result }) => result?.seconds ?? 0);
  const open = unsettled.flatMap((experiment) => openRuns(experiments[experiment] ?? { runs: [] }));
  return open.map(({ startedAt }) => {
    const seconds = startedAt === undefined ? 0 : secondsBetween(startedAt, at);
    const longer = lengths.filter((length) => length > seconds);
    return longer.length === 0 ? seconds * restOfLongest : mean(longer) - seconds;
  });
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
