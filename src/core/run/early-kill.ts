/**
 * Ends a run early, for reasons that are safe: its loss is no number, it has fallen silent, it cannot make its time
 * limit, or its loss is far beyond the incumbent's own curve. A run that is merely worse is never ended.
 *
 * The baseline and confirmations are never ended early, nor any run before the incumbent's own have shown what is
 * usual.
 */
import { formatDuration } from '../base/format.ts';
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
  /** Absent where a run is ended when its budget is over, however far it has come. */
  readonly timeoutSeconds?: number;
  /** The longest time, in seconds, for which a run of the incumbent was silent. */
  readonly usualSilence: number;
}

/**
 * The excess over the incumbent's curve that ends a run, in units of what the incumbent still gained: at least twice
 * the largest of any recorded run that then won or nearly did, among the half of the runs that this was chosen on.
 */
export const wideMargin = 0.5;

/** Progress lines in a row without a finite loss that end a run. */
const maxBrokenLines = 3;
/** Progress lines that a run must have before its silence, pace or curve may end it. */
const minLines = 10;
/** A silence ends a run when it is this many times as long as the longest before. */
const silenceFactor = 5;
/** A run is ended when at its pace it would need this many times its time limit. */
const slownessFactor = 1.5;

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
    ...(history.frozen.endAtBudget === true ? {} : { timeoutSeconds: history.session.timeoutSeconds }),
    usualSilence: Math.max(...watched.map(({ silence = 0 }) => silence)),
  };
}

/** Whether to end a run now, and why. */
export function earlyKill(watch: Watch, live: LiveRun): Kill | undefined {
  return brokenLoss(live) ?? stall(watch, live) ?? slowness(watch, live) ?? worseCurve(watch, live);
}

function brokenLoss({ brokenInARow }: LiveRun): Kill | undefined {
  if (brokenInARow < maxBrokenLines) return undefined;
  return { outcome: 'killed-early', reason: `its loss was no finite number ${brokenInARow} lines in a row` };
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

/** Takes the pace of the second half of the progress so far, which leaves a slow start out. */
function slowness({ timeoutSeconds }: Watch, { shares, progressLines }: LiveRun): Kill | undefined {
  if (timeoutSeconds === undefined) return undefined;
  const [now, share] = shares.at(-1) ?? [0, 0];
  const [then, half] = shares.find(([, at]) => at >= share / 2) ?? [0, 0];
  if (progressLines < minLines || share < 0.05 || share <= half || now <= then) return undefined;
  const needed = now + ((1 - share) * (now - then)) / (share - half);
  if (needed <= slownessFactor * timeoutSeconds) return undefined;
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
