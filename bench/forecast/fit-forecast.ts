/**
 * Fits the forecast to public studies: the chance of a keep by maximum likelihood, the size of a keep by least squares on
 * its logarithm. A repository weighs as the square root of its experiments or keeps, so that no lab with a hundred studies
 * decides.
 */
import { mean, standardDeviation } from '../../src/core/statistics/moments.ts';
import { quantile } from '../../src/core/statistics/quantile.ts';
import { type ChanceFit, chanceOfKeep, noExperiments, recordKeep } from '../../src/core/views/forecast/chance.ts';
import type { ForecastFit } from '../../src/core/views/forecast/forecast.ts';
import {
  type GainFit,
  type KeepShare,
  type KeptScores,
  keepShares,
} from '../../src/core/views/forecast/gain-of-keep.ts';
import type { PublicStudy } from '../evidence/study.ts';
import { minimise } from './minimise.ts';

/** The forecast's parameters for these studies. */
export function fitForecast(studies: readonly PublicStudy[]): Omit<ForecastFit, 'searches'> {
  return { chance: fitChance(studies), gain: fitGain(studies) };
}

/** The chance of what these turns propose, or of whatever is proposed. */
export function fitChance<Study extends PublicStudy>(
  studies: readonly Study[],
  isCounted: (study: Study, index: number) => boolean = () => true,
): ChanceFit {
  const weights = weightsOf(studies, ({ experiments }) => experiments.length);
  const loss = (point: readonly number[]) => {
    const fit = chanceFitAt(point);
    const surpriseOf = (study: Study) => surprise(study, fit, (index) => isCounted(study, index));
    return studies.reduce((sum, study) => sum + (weights.get(study.repository) ?? 0) * surpriseOf(study), 0);
  };
  return chanceFitAt(minimise(loss, [-1, -1.5, 1, 1.5]));
}

/**
 * Set, not fitted: few public studies are long enough to tell it from any larger number, which would have the chance end
 * at 7 % in a study that never keeps anything.
 */
const studyWeight = 10;

function chanceFitAt([chance = 0, fall = 0, lately = 0, memory = 0]: readonly number[]): ChanceFit {
  return {
    firstChance: Math.exp(chance),
    fall: Math.exp(fall),
    studyWeight,
    latelyWeight: Math.exp(lately),
    memory: 1 / (1 + Math.exp(-memory)),
  };
}

/** Minus the logarithm of the likelihood of what was kept of the experiments that count. */
function surprise({ experiments }: PublicStudy, fit: ChanceFit, isCounted: (index: number) => boolean): number {
  let [record, sum] = [noExperiments, 0];
  for (const [index, { outcome }] of experiments.entries()) {
    if (!isCounted(index)) continue;
    const isKept = outcome === 'kept';
    const chance = chanceOfKeep(record, fit, index + 1);
    sum -= Math.log(isKept ? chance : 1 - chance);
    record = recordKeep(record, isKept, fit);
  }
  return sum;
}

/** A keep with the study that it is from. */
interface StudyShare extends KeepShare {
  readonly repository: string;
  readonly study: number;
}

/**
 * Set: as much as the study gained before it. One later keep in twenty gained more; without a bound a few draws in a row
 * would multiply each other.
 */
const mostLater = 1;

/** How many later keeps of these studies there are, and how many of them gained more than the bound. */
export function boundedKeeps(studies: readonly PublicStudy[]): { readonly later: number; readonly above: number } {
  const later = studies.flatMap((study) => keepShares(scoresOf(study))).filter(({ number }) => number > 1);
  return { later: later.length, above: later.filter(({ log }) => log > Math.log(mostLater)).length };
}

function fitGain(studies: readonly PublicStudy[]): GainFit {
  const shares = studies.flatMap((study, index) =>
    keepShares(scoresOf(study)).map((share) => ({ ...share, repository: study.repository, study: index })),
  );
  const first = shares.filter(({ number }) => number === 1).map(({ log }) => log);
  const later = shares.filter(({ number }) => number > 1);
  return {
    firstLog: medianOf(first),
    // First keeps range over five orders of magnitude, so their spread is told from their quartiles: 1.349 standard deviations apart.
    firstSd: (quantileOf(first, 0.75) - quantileOf(first, 0.25)) / 1.349,
    ...laterKeeps(later),
    mostLater,
  };
}

/** The scores of a public study's keeps. */
export function scoresOf({ goal, baseline, experiments }: PublicStudy): KeptScores {
  const kept = experiments.filter(({ outcome }) => outcome === 'kept');
  return { goal, baseline, keptScores: kept.flatMap(({ value }) => value ?? []) };
}

/** A study's keeps behind its first, on the logarithms of number and share. */
type Points = readonly { readonly x: number; readonly y: number }[];

/**
 * The random-effects model of gain-of-keep.ts, by moments (Searle, 1971): the fall within studies, each study once; the
 * height and its spread from the studies' own; the spread of keeps from the median variance within studies, since a study whose
 * profit rises a millionfold would decide the mean. Of studies with three keeps or more.
 */
function laterKeeps(shares: readonly StudyShare[]): Pick<GainFit, 'laterLog' | 'laterFall' | 'studySd' | 'keepSd'> {
  const groups = [...new Set(shares.map(({ study }) => study))]
    .map(
      (study): Points =>
        shares.filter((share) => share.study === study).map(({ number, log }) => ({ x: Math.log(number), y: log })),
    )
    .filter((points) => points.length >= 3);
  const fall = -sum(groups.map(slopeWeight)) / sum(groups.map(spreadOfX));
  const heights = groups.map((points) => points.map(({ x, y }) => y + fall * x));
  const within = medianOf(heights.map((own) => standardDeviation(own) ** 2));
  const between = standardDeviation(heights.map(mean)) ** 2 - within * mean(heights.map((own) => 1 / own.length));
  return {
    laterLog: mean(heights.map(mean)),
    laterFall: fall,
    studySd: Math.sqrt(Math.max(0.01, between)),
    keepSd: Math.sqrt(within),
  };
}

function slopeWeight(points: Points): number {
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  return mean(points.map((point) => (point.x - x) * (point.y - y)));
}

function spreadOfX(points: Points): number {
  const x = mean(points.map((point) => point.x));
  return mean(points.map((point) => (point.x - x) ** 2));
}

/** For each repository one over the square root of how much it has. */
function weightsOf<Item extends { readonly repository: string }>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const item of items) sizes.set(item.repository, (sizes.get(item.repository) ?? 0) + sizeOf(item));
  return new Map([...sizes].map(([repository, size]) => [repository, 1 / Math.sqrt(size)]));
}

function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

function quantileOf(values: readonly number[], share: number): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    share,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
