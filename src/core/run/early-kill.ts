/**
 * Ends a run early, for reasons that are safe: its loss is no number, it has fallen silent, it cannot make its time
 * limit, or its loss is far beyond the incumbent's own curve. A run that is merely worse is never ended.
 *
 * The baseline and confirmations are never ended early, nor any run before the incumbent's own have shown what is
 * usual. Nothing ends a run that would have ended one of the baseline's own.
 */
import { formatDuration } from '../base/format.ts';
import type { EarlyKillMode } from '../base/names.ts';
import type { Curve } from '../journal/curve.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { isComparable } from './comparable.ts';
import type { Kill } from './conclude-run.ts';
import { firstBeyond, type Reference, referenceOf } from './curve-margin.ts';
import { curveOf, type LiveRun, minLines, projectedSeconds } from './live-run.ts';
import { timeLimitOf } from './time-limit.ts';

/** What a run is watched with; made once when it begins. */
export interface Watch {
  readonly reference: Reference | undefined;
  readonly budgetSeconds: number;
  /** Absent where a run is ended when its budget is over, however far it has come. */
  readonly timeoutSeconds?: number;
  /** The longest time, in seconds, for which a run of the baseline or the incumbent was silent. */
  readonly usualSilence: number;
  /** By the word before a loss, how often in a row it was no finite number in one of those runs. */
  readonly usualBroken: Readonly<Record<string, number>>;
  /** The longest time that one of those runs seemed to need, by its pace. */
  readonly usualProjected: number;
}

/**
 * The excess over the incumbent's curve that ends a run, in units of what the incumbent still gained: at least twice
 * the largest of any recorded run that then won or nearly did, among the half of the runs that this was chosen on.
 */
export const wideMargin = 0.5;

/** Progress lines in a row without a finite loss that end a run. */
const maxBrokenLines = 3;
/** A loss that was no number in earlier runs must be so this many times as often in a row. */
const brokenFactor = 5;
/** A silence ends a run when it is this many times as long as the longest before. */
const silenceFactor = 5;
/** A run is ended when at its pace it would need this many times its time limit. */
const slownessFactor = 1.5;

/** How the next run of an experiment is watched; undefined when it is not. */
export function watchOf(history: History, experiment: number, mode: EarlyKillMode): Watch | undefined {
  if (mode === 'off' || experiment === 0) return undefined;
  const own = runsOf(history, history.incumbent);
  if (curvesOf(own).length === 0) return undefined;
  const before = [...runsOf(history, 0), ...own];
  const { proposal } = experimentOf(history, experiment);
  const isCompared = isComparable(proposal, mode) && isSteady(curvesOf(runsOf(history, 0))) && isSteady(curvesOf(own));
  return {
    reference: isCompared ? referenceOf(curvesOf(own)) : undefined,
    budgetSeconds: history.frozen.budgetSeconds,
    ...(history.frozen.endAtBudget === true ? {} : { timeoutSeconds: timeLimitOf(history, experiment) }),
    usualSilence: Math.max(...before.map(({ silence = 0 }) => silence)),
    usualBroken: mostBroken(before),
    usualProjected: Math.max(...before.map(({ projectedSeconds: projected = 0 }) => projected)),
  };
}

function runsOf(history: History, experiment: number): readonly RunResult[] {
  const results = countedRuns(experimentOf(history, experiment)).flatMap((run) => run.result ?? []);
  return results.filter(({ measurement }) => measurement !== undefined);
}

function curvesOf(results: readonly RunResult[]): readonly Curve[] {
  return results.flatMap(({ curve }) => (curve ? [curve] : []));
}

/** Whether none of these runs would have been ended for its curve by the others: warm restarts raise a loss again and again. */
function isSteady(curves: readonly Curve[]): boolean {
  return curves.every((curve) => {
    const others = curves.filter((other) => other !== curve);
    const reference = referenceOf(others.length === 0 ? curves : others);
    return !reference || firstBeyond(reference, curve, wideMargin) === undefined;
  });
}

function mostBroken(results: readonly RunResult[]): Readonly<Record<string, number>> {
  const most: Record<string, number> = {};
  for (const [label, count] of results.flatMap(({ broken = {} }) => Object.entries(broken))) {
    most[label] = Math.max(most[label] ?? 0, count);
  }
  return most;
}

/** Whether to end a run now, and why. */
export function earlyKill(watch: Watch, live: LiveRun): Kill | undefined {
  return brokenLoss(watch, live) ?? stall(watch, live) ?? slowness(watch, live) ?? worseCurve(watch, live);
}

function brokenLoss({ usualBroken }: Watch, { broken }: LiveRun): Kill | undefined {
  const found = Object.entries(broken).find(([label, { now }]) => {
    const usual = usualBroken[label] ?? 0;
    return usual < maxBrokenLines && now >= Math.max(maxBrokenLines, brokenFactor * usual);
  });
  if (!found) return undefined;
  const [label, { now }] = found;
  const loss = label === '' ? 'loss' : `${label} loss`;
  return { outcome: 'killed-early', reason: `its ${loss} was no finite number ${now} lines in a row` };
}

function stall({ budgetSeconds, usualSilence }: Watch, live: LiveRun): Kill | undefined {
  const shortest = Math.min(60, Math.max(5, budgetSeconds / 4));
  const limit = Math.max(shortest, silenceFactor * Math.max(usualSilence, live.maxSilentSeconds));
  if (live.progressLines < minLines || live.silentSeconds <= limit) return undefined;
  const usual = formatDuration(Math.max(usualSilence, live.maxSilentSeconds));
  return {
    outcome: 'stalled',
    reason: `no output for ${formatDuration(live.silentSeconds)} after ${live.progressLines} progress lines; never silent for more than ${usual} before`,
  };
}

function slowness({ timeoutSeconds, usualProjected }: Watch, live: LiveRun): Kill | undefined {
  if (timeoutSeconds === undefined) return undefined;
  const needed = projectedSeconds(live);
  const limit = slownessFactor * timeoutSeconds;
  if (needed === undefined || needed <= limit || usualProjected > limit) return undefined;
  return {
    outcome: 'killed-early',
    reason: `at its pace it would take ${formatDuration(needed)}, and its time limit is ${formatDuration(timeoutSeconds)}`,
  };
}

function worseCurve({ reference }: Watch, live: LiveRun): Kill | undefined {
  if (!reference || live.progressLines < minLines) return undefined;
  const share = firstBeyond(reference, curveOf(live), wideMargin);
  if (share === undefined) return undefined;
  const loss = live.points.at(-1)?.[1] ?? 0;
  return {
    outcome: 'killed-early',
    reason: `its loss, ${Number(loss.toPrecision(4))}, was far beyond the incumbent's own at ${Math.round(share * 100)} % of the budget`,
  };
}
