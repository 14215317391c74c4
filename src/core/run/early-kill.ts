/**
 * Ends a run early, for reasons that are safe: its loss is no number, it has fallen silent, it cannot make its time limit,
 * or its loss is far beyond the incumbent's own curve. A run is never judged before its time for being merely worse.
 *
 * The baseline and confirmations are never ended; nothing is, before the incumbent's own runs have shown what is usual.
 */
import type { EarlyKillMode } from '../base/names.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';
import { isComparable } from './comparable.ts';
import type { Kill } from './conclude-run.ts';
import { firstBeyond, type Reference, referenceOf } from './curve-margin.ts';
import { curveOf, type LiveRun } from './live-run.ts';

/** What a run is watched with; made once when it begins. */
export interface Watch {
  readonly reference: Reference | undefined;
  readonly budgetSeconds: number;
  readonly timeoutSeconds: number;
  /** The longest time for which a run of the incumbent was silent. */
  readonly usualSilence: number;
}

/**
 * The excess over the incumbent's curve that ends a run, in units of what the incumbent still gained: at least twice the
 * largest that a recorded run of the calibrating half showed which then won or nearly did.
 */
export const wideMargin = 0.5;

const brokenLines = 3;
const fewestLines = 10;
/** How much longer than ever before a silence must be. */
const silences = 5;
const slownessMargin = 1.5;

/** How the next run of an experiment is watched; undefined when it is not. */
export function watchOf(history: History, experiment: number, mode: EarlyKillMode): Watch | undefined {
  if (mode === 'off' || experiment === 0) return undefined;
  const results = countedRuns(experimentOf(history, history.incumbent)).flatMap((run) => run.result ?? []);
  const watched = results.filter((result) => result.measurement && result.curve);
  if (watched.length === 0) return undefined;
  const { proposal } = experimentOf(history, experiment);
  const reference = isComparable(proposal, mode) ? referenceOf(watched.map(({ curve = [] }) => curve)) : undefined;
  return {
    reference,
    budgetSeconds: history.frozen.budgetSeconds,
    timeoutSeconds: history.session.timeoutSeconds,
    usualSilence: Math.max(...watched.map(({ silence = 0 }) => silence)),
  };
}

/** Whether to end a run now, and why. */
export function earlyKill(watch: Watch, live: LiveRun): Kill | undefined {
  return brokenLoss(live) ?? stall(watch, live) ?? slowness(watch, live) ?? worseCurve(watch, live);
}

function brokenLoss({ brokenInARow }: LiveRun): Kill | undefined {
  if (brokenInARow < brokenLines) return undefined;
  return { outcome: 'killed-early', reason: `its loss was no finite number ${brokenInARow} lines in a row` };
}

function stall({ budgetSeconds, usualSilence }: Watch, live: LiveRun): Kill | undefined {
  const shortest = Math.min(60, Math.max(5, budgetSeconds / 4));
  const limit = Math.max(shortest, silences * Math.max(usualSilence, live.longestSilence));
  if (live.progressLines < fewestLines || live.silentSeconds <= limit) return undefined;
  const usual = Math.max(usualSilence, live.longestSilence).toFixed(1);
  return {
    outcome: 'stalled',
    reason: `no output for ${live.silentSeconds.toFixed(0)} s after ${live.progressLines} progress lines; never silent for more than ${usual} s before`,
  };
}

/** At the pace of the second half of what it has done, which leaves a slow start out. */
function slowness({ timeoutSeconds }: Watch, { shares, progressLines }: LiveRun): Kill | undefined {
  const [now, share] = shares.at(-1) ?? [0, 0];
  const [then, half] = shares.find(([, at]) => at >= share / 2) ?? [0, 0];
  if (progressLines < fewestLines || share < 0.05 || share <= half || now <= then) return undefined;
  const needed = now + ((1 - share) * (now - then)) / (share - half);
  if (needed <= slownessMargin * timeoutSeconds) return undefined;
  return {
    outcome: 'killed-early',
    reason: `at its pace it would take ${needed.toFixed(0)} s, and its time limit is ${timeoutSeconds} s`,
  };
}

function worseCurve({ reference }: Watch, live: LiveRun): Kill | undefined {
  if (!reference || live.progressLines < fewestLines) return undefined;
  const share = firstBeyond(reference, curveOf(live), wideMargin);
  if (share === undefined) return undefined;
  const loss = live.points.at(-1)?.[1] ?? 0;
  return {
    outcome: 'killed-early',
    reason: `its loss, ${Number(loss.toPrecision(4))}, was far beyond the incumbent's own at ${Math.round(share * 100)} % of the budget`,
  };
}
