/**
 * The study's gain in one figure, with its interval and the counts of experiments.
 */

import { gainOver } from '../../base/metric.ts';
import { voucherOf } from '../../journal/experiment-row.ts';
import type { WholeHistory } from '../../journal/held-out.ts';
import type { History } from '../../journal/history.ts';
import { halfWidthOfDifference } from '../../journal/interval.ts';
import type { Noise } from '../../journal/noise.ts';
import { type Voucher, weakestVoucher } from '../../journal/run.ts';
import { figuresOfStudy, type Status } from '../status.ts';

export interface Headline {
  readonly metric: string;
  readonly state: Status['state'];
  readonly experiments: number;
  readonly kept: number;
  readonly reverted: number;
  readonly failed: number;
  /** Dropped before they ran; absent for none. */
  readonly dropped?: number;
  readonly stop: { readonly reason: string; readonly detail: string } | null;
  /** Null until the baseline has a score. */
  readonly result: Result | null;
}

export interface Result {
  readonly baseline: number;
  readonly best: number;
  /** The experiment that is best, 0 for the baseline. */
  readonly experiment: number;
  readonly commit: string;
  readonly gain: number;
  /** The gain as a share of the baseline's score; null when that is 0. */
  readonly share: number | null;
  /** 95 % interval of the gain on the runs that it was selected on; null while nothing was repeated. */
  readonly interval: readonly [number, number] | null;
}

/** The headline as of the last journalled entry. */
export function headlineOf(whole: WholeHistory, noise: Noise | undefined, isLive: boolean): Headline {
  const status = figuresOfStudy(whole, whole.history.lastAt, isLive, noise);
  const { metric, state, experiments, kept, reverted, failed, dropped, stop } = status;
  const unrun = dropped === undefined ? {} : { dropped };
  return { metric, state, experiments, kept, reverted, failed, ...unrun, stop, result: resultOf(status, noise) };
}

/** The gain that these figures of a study amount to; null until its baseline has a score. */
export function resultOf(
  { baseline, best, goal }: Pick<Status, 'baseline' | 'best' | 'goal'>,
  noise: Noise | undefined,
): Result | null {
  if (!baseline || !best) return null;
  const gain = gainOver(goal, baseline.mean, best.mean);
  const half = noise && best.experiment !== 0 ? halfWidthOfDifference(noise, best.n, baseline.n) : undefined;
  return {
    baseline: baseline.mean,
    best: best.mean,
    experiment: best.experiment,
    commit: best.commit,
    gain,
    share: baseline.mean === 0 ? null : gain / Math.abs(baseline.mean),
    interval: half === undefined ? null : [gain - half, gain + half],
  };
}

/** Who vouches for the baseline and the best; undefined before the first score. */
export function voucherOfStudy(history: History): Voucher | undefined {
  const compared = [history.experiments[0], history.experiments[history.incumbent]];
  return weakestVoucher(compared.flatMap((record) => (record && voucherOf(record)) ?? []));
}
