/**
 * The spread of scores within groups, where a few groups may scatter far wider than the rest: a candidate of which one run in two
 * diverged says nothing of the noise of the others.
 *
 * A contaminated normal (Tukey, A survey of sampling from contaminated distributions, 1960): each group has sigma or, with a small
 * chance, any width from that to a thousand times it, all orders of magnitude alike. Sigma, and which groups are the wide ones, are
 * found by expectation-maximisation.
 */
import { logGamma } from './log-gamma.ts';
import { quantile } from './quantile.ts';

/** The squares around a group's own mean, summed, and their degrees of freedom. */
export interface Scatter {
  readonly squares: number;
  readonly degreesOfFreedom: number;
}

export interface ScatterOfGroup extends Scatter {
  /** Whether it counts whole, however wide it is. */
  readonly isCertain: boolean;
}

/** The chance that a group is a wide one, and the logarithm of how many times sigma it is at most. */
const wideChance = 0.02;
const logOfWidest = Math.log(1000);
const maxSteps = 50;
const tolerance = 1e-6;

/**
 * The squares and degrees of freedom of all groups that are more likely usual than wide, summed, in the squared unit of the scores.
 */
export function pooledScatter(groups: readonly ScatterOfGroup[]): Scatter {
  const plain = pool(groups, () => 1);
  if (plain.squares === 0 || groups.every(({ isCertain }) => isCertain)) return plain;
  const [fromAll, fromMiddle] = [
    settle(groups, plain.squares / plain.degreesOfFreedom),
    settle(groups, middleOf(groups)),
  ];
  const variance = logLikelihood(groups, fromMiddle) > logLikelihood(groups, fromAll) ? fromMiddle : fromAll;
  return pool(groups, (group) => (weightOf(group, variance) < 0.5 ? 0 : 1));
}

/** The variance at which steps of EM that begin at this one come to rest. */
function settle(groups: readonly ScatterOfGroup[], start: number): number {
  let variance = start;
  for (let step = 0; step < maxSteps && variance > 0; step++) {
    const { squares, degreesOfFreedom } = pool(groups, (group) => weightOf(group, variance));
    const before = variance;
    variance = squares / degreesOfFreedom;
    if (Math.abs(variance - before) <= tolerance * before) break;
  }
  return variance;
}

function pool(groups: readonly ScatterOfGroup[], weigh: (group: ScatterOfGroup) => number): Scatter {
  let [squares, degreesOfFreedom] = [0, 0];
  for (const group of groups) {
    const weight = weigh(group);
    squares += weight * group.squares;
    degreesOfFreedom += weight * group.degreesOfFreedom;
  }
  return { squares, degreesOfFreedom };
}

/** The chance that a group is none of the wide ones. */
function weightOf(group: ScatterOfGroup, variance: number): number {
  return group.isCertain ? 1 : 1 / (1 + Math.exp(logOfWide(group, variance) - logOfUsual(group, variance)));
}

function logLikelihood(groups: readonly ScatterOfGroup[], variance: number): number {
  if (variance <= 0) return Number.NEGATIVE_INFINITY;
  return groups.reduce((sum, group) => {
    const usual = logOfUsual(group, variance);
    if (group.isCertain) return sum + usual;
    const wide = logOfWide(group, variance);
    const most = Math.max(usual, wide);
    return sum + most + Math.log(Math.exp(usual - most) + Math.exp(wide - most));
  }, 0);
}

function logOfUsual({ squares, degreesOfFreedom }: Scatter, variance: number): number {
  return Math.log(1 - wideChance) - (degreesOfFreedom * Math.log(variance)) / 2 - squares / variance / 2;
}

/** The usual density's mean over widths that are even in their logarithm: below sigma's own width, what it is there. */
function logOfWide({ squares, degreesOfFreedom }: Scatter, variance: number): number {
  const half = degreesOfFreedom / 2;
  const mean = logGamma(half) + (half - 1) * Math.LN2 - Math.log(logOfWidest);
  return Math.log(wideChance) + mean - half * Math.log(Math.max(squares, degreesOfFreedom * variance));
}

function middleOf(groups: readonly Scatter[]): number {
  const squares = groups.map((group) => group.squares / group.degreesOfFreedom).sort((one, other) => one - other);
  return quantile(squares, 0.5);
}
