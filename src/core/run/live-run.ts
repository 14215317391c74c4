/**
 * A run as it is watched: what its log has said so far, and how long it has been silent.
 */

import { plainText } from '../base/plain-text.ts';
import { type Curve, thinCurve } from '../journal/curve.ts';
import { lossesIn, type PrintedLoss, type Progress, readProgressLine } from './progress.ts';

export interface LiveRun {
  /** The log's last line while it is unfinished. */
  readonly rest: string;
  readonly latest: Progress;
  readonly progressLines: number;
  /** By the word before a loss, how often in a row it was no finite number: now, and at most so far. */
  readonly broken: Readonly<Record<string, { readonly now: number; readonly most: number }>>;
  /** The word before the loss that `points` follow: a line of the validation is no point of the training's curve. */
  readonly series?: string;
  readonly points: Curve;
  /** Seconds since the job began, as of the last look. */
  readonly elapsedSeconds: number;
  /** The same, without the time in which no controller was running or the machine slept. */
  readonly watchedSeconds: number;
  /** When each share of the budget was first seen, for the pace. */
  readonly shares: readonly (readonly [watchedSeconds: number, share: number])[];
  /** Seconds without a byte in the log. */
  readonly silentSeconds: number;
  /** The longest such time between the first progress line and the last output. */
  readonly maxSilentSeconds: number;
}

export const newLiveRun: LiveRun = {
  rest: '',
  latest: {},
  progressLines: 0,
  broken: {},
  points: [],
  elapsedSeconds: 0,
  watchedSeconds: 0,
  shares: [],
  silentSeconds: 0,
  maxSilentSeconds: 0,
};

/** Limit of the time that counts between two looks: a machine that slept meanwhile does not make the run silent. */
const maxLookSeconds = 2;
/** Characters of an unfinished line that are kept. */
const maxRestCharacters = 10_000;
/** Points that are kept; of more, neighbours are merged. */
const maxPoints = 1000;

/** What is known after one more look; `budgetSeconds` stands in for a script that prints no share of its budget. */
export function look(live: LiveRun, text: string, elapsedSeconds: number, budgetSeconds: number | undefined): LiveRun {
  const passed = Math.min(maxLookSeconds, Math.max(0, elapsedSeconds - live.elapsedSeconds));
  const silentSeconds = live.silentSeconds + passed;
  const watchedSeconds = live.watchedSeconds + passed;
  const quiet = { ...live, elapsedSeconds, watchedSeconds, silentSeconds };
  if (text === '') return quiet;
  const hasBegun = live.progressLines > 0;
  const maxSilentSeconds = hasBegun ? Math.max(live.maxSilentSeconds, silentSeconds) : 0;
  const lines = (live.rest + text).split(/[\r\n]+/);
  const rest = (lines.pop() ?? '').slice(-maxRestCharacters);
  // Lines that were written long before, as those of an adopted run, say nothing about now.
  const isRecent = elapsedSeconds - live.elapsedSeconds <= maxLookSeconds;
  const share = budgetSeconds === undefined || !isRecent ? undefined : Math.min(1, elapsedSeconds / budgetSeconds);
  const read = lines.reduce((seen, line) => readLine(seen, line, share), quiet);
  const reached = read.points.at(-1)?.[0] ?? read.latest.progress;
  const isFurther = reached !== undefined && reached > (read.shares.at(-1)?.[1] ?? 0);
  const shares = isFurther ? [...read.shares, [watchedSeconds, reached] as const] : read.shares;
  return { ...read, rest, points: merge(read.points), shares: merge(shares), silentSeconds: 0, maxSilentSeconds };
}

/** Half as many points where there are too many, each the mean of two. */
function merge(points: Curve): Curve {
  if (points.length <= maxPoints) return points;
  return points.flatMap(([at, value], index) => {
    const [nextAt, next] = points[index + 1] ?? [at, value];
    return index % 2 === 0 ? [[nextAt, (value + next) / 2] as const] : [];
  });
}

function readLine(live: LiveRun, raw: string, elapsedShare: number | undefined): LiveRun {
  const line = plainText(raw);
  const progress = readProgressLine(line);
  const losses = lossesIn(line);
  if (progress === undefined && losses.length === 0) return live;
  const share = progress?.progress ?? elapsedShare;
  const first = losses.find(({ value }) => value !== undefined);
  const series = live.series ?? first?.label;
  const loss = losses.find(({ label, value }) => label === series && value !== undefined)?.value;
  const isNext = loss !== undefined && share !== undefined && share >= (live.points.at(-1)?.[0] ?? 0);
  return {
    ...live,
    latest: progress ?? live.latest,
    progressLines: live.progressLines + 1,
    broken: losses.reduce(countBroken, live.broken),
    ...(series === undefined ? {} : { series }),
    points: isNext ? [...live.points, [share, loss] as const] : live.points,
  };
}

/** Labels that are counted; a script may print any number of them. */
const maxLabels = 20;

function countBroken(broken: LiveRun['broken'], { label, value }: PrintedLoss): LiveRun['broken'] {
  const { now, most } = broken[label] ?? { now: 0, most: 0 };
  if (value !== undefined) return now === 0 ? broken : { ...broken, [label]: { now: 0, most } };
  if (broken[label] === undefined && Object.keys(broken).length >= maxLabels) return broken;
  return { ...broken, [label]: { now: now + 1, most: Math.max(most, now + 1) } };
}

/** How often in a row each loss was no finite number, where one was. */
export function brokenLosses({ broken }: LiveRun): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(broken).map(([label, { most }]) => [label, most]));
}

/** The seconds that it would need at the pace of the second half of its progress so far, which leaves a slow start out. */
export function projectedSeconds({ shares, progressLines }: LiveRun): number | undefined {
  const [now, share] = shares.at(-1) ?? [0, 0];
  const [then, half] = shares.find(([, at]) => at >= share / 2) ?? [0, 0];
  if (progressLines < minLines || share < 0.05 || share <= half || now <= then) return undefined;
  return now + ((1 - share) * (now - then)) / (share - half);
}

/** Progress lines that a run must have before its silence, pace or curve says anything. */
export const minLines = 10;

/** The few points that are kept of it. */
export function curveOf({ points }: LiveRun): Curve {
  return thinCurve(points);
}
