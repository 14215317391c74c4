/**
 * How many decimals a study prints its scores with, and the gains between them: one number for each page, so that
 * printed scores can be subtracted from each other.
 */
import { decimalsFor } from '../base/format.ts';
import { type History, valuesOf } from './history.ts';
import { type Noise, pooledNoise, resolutionOf } from './noise.ts';

/**
 * Those that show the noise of one run with two digits; while it is unknown, those of the baseline's first five digits,
 * and where every seed gives the same score, of its first seven. Never finer than the script prints, or, for means of
 * unequal scores, than one digit more.
 */
export function metricDecimals(history: History, noise: Noise | undefined = pooledNoise(history)): number {
  const resolution = resolutionOf(history.experiments);
  if (noise && noise.sigma > resolution) return Math.min(decimalsFor(noise.sigma), decimalsOf(resolution) + 1);
  return firstDigits(history, noise ? 7 : 5, resolution);
}

/** Decimals of the score of one run, which has no error of its own: at least five digits, or all that are printed. */
export function runDecimals(history: History, noise: Noise | undefined = pooledNoise(history)): number {
  const resolution = resolutionOf(history.experiments);
  return Math.min(
    Math.max(firstDigits(history, 5, resolution), metricDecimals(history, noise)),
    decimalsOf(resolution),
  );
}

function firstDigits({ experiments }: History, digits: number, resolution: number): number {
  const [baseline] = experiments[0] ? valuesOf(experiments[0]) : [];
  const wanted = baseline ? decimalsFor(Math.abs(baseline)) + digits - 2 : 4;
  return Math.min(wanted, decimalsOf(resolution));
}

/** Of the finest printed number; without a bound where nothing was printed. */
function decimalsOf(resolution: number): number {
  return resolution > 0 ? Math.round(-Math.log10(resolution)) : Number.POSITIVE_INFINITY;
}
