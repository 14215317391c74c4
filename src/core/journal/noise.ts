/**
 * How much a score moves when nothing but the seed changes.
 */
import { pooledScatter, type ScatterOfGroup } from '../statistics/contaminated-scatter.ts';
import { sumOfSquares } from '../statistics/moments.ts';
import { type ExperimentRecord, type History, valuesOf } from './history.ts';

/** The noise of one run: a standard deviation and the degrees of freedom behind it. */
export interface Noise {
  readonly sigma: number;
  readonly degreesOfFreedom: number;
}

/**
 * Sigma pooled over every candidate that ran more than once: the sum of squares within candidates, over the degrees of
 * freedom within. A reverted candidate whose runs lie far wider apart than all others', as when one of them diverged, is left out.
 * Undefined while nothing was repeated; `except` is left out, for a caller that doubts its runs. Never
 * below the resolution of the printed number: the equal scores of a deterministic script would otherwise give 0.
 */
export function pooledNoise(history: History, except?: ExperimentRecord): Noise | undefined {
  const { squares, degreesOfFreedom } = pooledScatter(
    history.experiments.filter((record) => record !== except).flatMap(scatterOf),
  );
  if (degreesOfFreedom === 0) return undefined;
  return {
    sigma: Math.max(Math.sqrt(squares / degreesOfFreedom), resolutionOf(history.experiments)),
    degreesOfFreedom,
  };
}

/** All runs count of what others are measured against, and of a candidate that is judged just now: its own mean is as uncertain. */
function scatterOf(record: ExperimentRecord): ScatterOfGroup[] {
  const values = valuesOf(record);
  if (values.length < 2) return [];
  const isCertain = record.verdict?.decision !== 'revert';
  return [{ squares: sumOfSquares(values), degreesOfFreedom: values.length - 1, isCertain }];
}

/**
 * Sigma as it is printed: its upper 80 % bound until it rests on ten degrees of freedom, since a few runs may agree by
 * luck. The quantile of chi squared is Wilson and Hilferty's (1931), within 1 % from two degrees of freedom on.
 */
export function printedSigma({ squares, degreesOfFreedom }: { squares: number; degreesOfFreedom: number }): number {
  if (degreesOfFreedom >= enoughDegrees) return Math.sqrt(squares / degreesOfFreedom);
  const spread = 2 / (9 * degreesOfFreedom);
  const quantile = degreesOfFreedom * (1 - spread + lowestFifth * Math.sqrt(spread)) ** 3;
  return Math.sqrt(squares / quantile);
}

/** Degrees of freedom from which on sigma is printed without caution. */
const enoughDegrees = 10;
/** The standard normal quantile of 0.2. */
const lowestFifth = -0.8416;

/** Whether the baseline's runs, several, gave one score: a candidate's next run would say nothing new. */
export function isNoiseless({ experiments }: History): boolean {
  const values = experiments[0] ? valuesOf(experiments[0]) : [];
  return values.length > 1 && values.every((value) => value === values[0]);
}

/** How a script can come to know its seed. */
export const seedName = 'NOCTURNE_SEED';

/** Whether a fresh seed makes a fresh run: the seed is named, and the baseline's runs are not all equal. */
export function isSeedHonoured(history: History): boolean {
  return seedWarning(history) === undefined;
}

/** What is wrong with the seed, as a sentence for the owner; undefined when each seed gives a score of its own. */
export function seedWarning({ experiments, isSeedNamed, frozen }: History): string | undefined {
  const values = experiments[0] ? valuesOf(experiments[0]) : [];
  const isNamed = isSeedNamed || [...frozen.train, ...(frozen.score ?? [])].some((word) => word.includes(seedName));
  const agree = values.every((value) => value === values[0]);
  if (isNamed && !(agree && values.length > 1)) return undefined;
  return agree ? seedIgnored : seedUnnamed;
}

const seedIgnored = `Seed not honoured: the script ignores ${seedName}, so repeated runs say little about noise and small gains may be luck.`;
const seedUnnamed = `Seed unknown: no file names ${seedName}, yet the baseline's runs differ. If the script draws fresh random numbers each time, repeated runs do measure noise; if it sets a seed of its own and only rounding differs, they say little, and small gains may be luck. Have it set its seed from ${seedName}.`;

/**
 * The smallest difference that scores can show: the finest of any run, since a score may happen to end in zeros that
 * were not printed.
 */
export function resolutionOf(records: readonly ExperimentRecord[]): number {
  let finest = Number.POSITIVE_INFINITY;
  for (const { runs } of records) {
    for (const { result } of runs) finest = Math.min(finest, result?.measurement?.resolution ?? finest);
  }
  return Number.isFinite(finest) ? finest : 0;
}
