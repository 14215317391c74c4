/**
 * How much a keep gains: a share of what the study gained before it, which falls with the number of the keep.
 *
 * Log-normal, with a random effect of the study: the logarithm of the share is a line in the logarithm of the keep's number,
 * moved up or down by what is peculiar to the study, which its own keeps tell, and by what is peculiar to the keep. Before
 * anything was gained, the share is one of the baseline's score.
 */
import { type Goal, gainOver } from '../../base/metric.ts';
import { drawNormal } from '../../statistics/draw-normal.ts';

/** Fitted to public studies: the row `gain of a keep` of data/evidence/forecast-fit.json. */
export interface GainFit {
  /** Mean and standard deviation of the logarithm of the first gain, as a share of the baseline's score. */
  readonly firstLog: number;
  readonly firstSd: number;
  /** The line for later ones, as a share of the gain before them: its height at number 1, and its fall. */
  readonly laterLog: number;
  readonly laterFall: number;
  /** Standard deviations around it, of studies and of keeps within one. */
  readonly studySd: number;
  readonly keepSd: number;
  /** The most that a later keep is believed to gain, as the same share. */
  readonly mostLater: number;
}

/** The scores of a study's keeps, in their order, and what they began from. */
export interface KeptScores {
  readonly goal: Goal;
  readonly baseline: number;
  readonly keptScores: readonly number[];
}

/** Logarithm of what a keep gained as a share of what there was before it; number 1 is the first that gained. */
export interface KeepShare {
  readonly number: number;
  readonly log: number;
}

/** The keeps that gained: the first as a share of the baseline's score, later ones of the gain before them. */
export function keepShares({ goal, baseline, keptScores }: KeptScores): KeepShare[] {
  let [best, number] = [baseline, 0];
  return keptScores.flatMap((score) => {
    const gain = gainOver(goal, best, score);
    const before = number === 0 ? Math.abs(baseline) : gainOver(goal, baseline, best);
    if (gain <= 0 || before <= 0) return [];
    best = score;
    number += 1;
    return [{ number, log: Math.log(gain / before) }];
  });
}

/** What is known of the height of a study's line above the usual one. */
export interface Height {
  readonly mean: number;
  readonly sd: number;
}

/** The posterior of the study's height, by its keeps so far (normal prior, normal likelihood). */
export function heightOf(shares: readonly KeepShare[], fit: GainFit): Height {
  const heights = shares.filter(({ number }) => number > 1).map(({ number, log }) => log - lineAt(number, fit));
  const weight = heights.length + (fit.keepSd / fit.studySd) ** 2;
  return { mean: heights.reduce((sum, height) => sum + height, 0) / weight, sd: fit.keepSd / Math.sqrt(weight) };
}

/** Logarithm of the usual share of a later keep with this number. */
export function lineAt(number: number, { laterLog, laterFall }: Pick<GainFit, 'laterLog' | 'laterFall'>): number {
  return laterLog - laterFall * Math.log(number);
}

/** What the next keep is measured against. */
export interface Gained {
  /** Keeps so far that gained. */
  readonly keeps: number;
  /** Gained so far, in the metric; 0 or less for nothing. */
  readonly gain: number;
  /** Size of the baseline's score. */
  readonly baseline: number;
  /** Of this study's line above the usual one. */
  readonly height: number;
}

/** A draw of what the next keep gains, in the metric; `unit` draws uniformly from [0, 1). */
export function drawGain({ keeps, gain, baseline, height }: Gained, fit: GainFit, unit: () => number): number {
  const normal = drawNormal(unit);
  if (gain <= 0) return baseline * Math.exp(fit.firstLog + fit.firstSd * normal);
  return gain * Math.min(fit.mostLater, Math.exp(lineAt(Math.max(2, keeps + 1), fit) + height + fit.keepSd * normal));
}
