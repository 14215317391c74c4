/**
 * A run as it is watched: what its log has said so far, and how long it has been silent.
 */
import { type Curve, thinCurve } from '../journal/curve.ts';
import { isLossBroken, type Progress, readProgressLine } from './progress.ts';

export interface LiveRun {
  /** The log's last line while it is unfinished. */
  readonly rest: string;
  readonly latest: Progress;
  readonly progressLines: number;
  /** Progress lines in a row whose loss is not a finite number. */
  readonly brokenInARow: number;
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
  brokenInARow: 0,
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

function readLine(live: LiveRun, line: string, elapsedShare: number | undefined): LiveRun {
  const progress = readProgressLine(line);
  const isBroken = isLossBroken(line);
  if (progress === undefined && !isBroken) return live;
  const { loss, progress: share = elapsedShare } = progress ?? {};
  const isNext = loss !== undefined && share !== undefined && share >= (live.points.at(-1)?.[0] ?? 0);
  return {
    ...live,
    latest: progress ?? live.latest,
    progressLines: live.progressLines + 1,
    brokenInARow: isBroken ? live.brokenInARow + 1 : 0,
    points: isNext ? [...live.points, [share, loss] as const] : live.points,
  };
}

/** The few points that are kept of it. */
export function curveOf({ points }: LiveRun): Curve {
  return thinCurve(points);
}
