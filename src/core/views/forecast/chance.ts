/**
 * How likely the next experiment is kept, from its number and the study's own record.
 *
 * Two Beta priors, one inside the other. The mean of the first falls with the experiment's number as a power law; all
 * experiments of the study update it. What that gives is the mean of the second, which the latest experiments update: each
 * counts `memory` times as much as the one after it, so that a drought and a streak are both noticed. A Beta prior of mean
 * m and weight w is m * w keeps in w experiments.
 */

/** Fitted to public studies: the row `chance of a keep` of data/evidence/forecast-fit.json; to our own searches: data/searches/forecast-fit.json. */
export interface ChanceFit {
  /** Of the first experiment. */
  readonly firstChance: number;
  /** Power of the number with which it falls. */
  readonly fall: number;
  /** Experiments that the prior counts as, against all of the study's own. */
  readonly studyWeight: number;
  /** Experiments that the study's own rate counts as, against the latest. */
  readonly latelyWeight: number;
  /** What an experiment counts relative to the one after it. */
  readonly memory: number;
}

/** What a study has made of its experiments, as far as the chance goes. */
export interface KeepRecord {
  readonly experiments: number;
  readonly keeps: number;
  /** Both again, the older an experiment the less. */
  readonly lately: number;
  readonly latelyKept: number;
}

export const noExperiments: KeepRecord = { experiments: 0, keeps: 0, lately: 0, latelyKept: 0 };

/** No chance is believed to be nearer to 0 or 1. */
const leastChance = 0.001;

/** The record after one more experiment. */
export function recordKeep(record: KeepRecord, isKept: boolean, { memory }: ChanceFit): KeepRecord {
  const kept = isKept ? 1 : 0;
  return {
    experiments: record.experiments + 1,
    keeps: record.keeps + kept,
    lately: memory * record.lately + 1,
    latelyKept: memory * record.latelyKept + kept,
  };
}

/** Probability that the next experiment is kept; its number in the study where the record is not of all experiments. */
export function chanceOfKeep(record: KeepRecord, fit: ChanceFit, number = record.experiments + 1): number {
  const usual = Math.min(0.95, fit.firstChance * number ** -fit.fall);
  const own = (fit.studyWeight * usual + record.keeps) / (fit.studyWeight + record.experiments);
  const chance = (fit.latelyWeight * own + record.latelyKept) / (fit.latelyWeight + record.lately);
  return Math.min(1 - leastChance, Math.max(leastChance, chance));
}
