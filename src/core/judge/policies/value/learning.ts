/**
 * What this study's proposals do, learned from all of them: the weights of the effect mixture, by expectation-maximisation.
 *
 * Each researcher has weights of its own, shrunk to what the others' proposals did; a researcher alone is shrunk to the
 * pseudo-counts that every study starts from.
 */
import { at, grid, gridSize, mostEffect, shapes, startCounts } from './effects.ts';

/** One proposal's likelihood under each shape. */
export type Likelihoods = readonly number[];

/** A proposal as evidence: whose it was, and how well each shape explains its runs. */
export interface Evidence {
  readonly researcher: string;
  readonly likelihoods: Likelihoods;
}

/** Weights by researcher; an unknown one gets what the others have shown. */
export interface Learned {
  readonly common: readonly number[];
  readonly byResearcher: ReadonlyMap<string, readonly number[]>;
}

export const startWeights: readonly number[] = normalised(startCounts);
/** What is believed before the first experiment. */
export const nothingLearned: Learned = { common: startWeights, byResearcher: new Map() };

const tiny = 1e-30;
/** A researcher new to a study starts from what the others did as if it were this many proposals of its own. */
const pseudoCount = startCounts.reduce((sum, count) => sum + count, 0);

/** How well each shape explains a mean at this offset from the incumbent with this variance. */
export function likelihoodsOf(offset: number, variance: number): Likelihoods {
  const clipped = Math.min(mostEffect, Math.max(-mostEffect, offset));
  const bell = new Float64Array(gridSize);
  for (let point = 0; point < gridSize; point++) {
    bell[point] = Math.exp((-0.5 * (clipped - at(grid, point)) ** 2) / variance);
  }
  return shapes.map((shape) => {
    let likelihood = tiny;
    for (let point = 0; point < gridSize; point++) likelihood += at(shape, point) * at(bell, point);
    return likelihood;
  });
}

/** The weights of a researcher. */
export function weightsOf(learned: Learned, researcher: string): readonly number[] {
  return learned.byResearcher.get(researcher) ?? learned.common;
}

/** So many steps of EM over all evidence, from what is believed now. */
export function learn(learned: Learned, evidence: readonly Evidence[], steps: number): Learned {
  let now = learned;
  for (let step = 0; step < steps; step++) now = stepOf(now, evidence);
  return now;
}

function stepOf(learned: Learned, evidence: readonly Evidence[]): Learned {
  const shares = new Map<string, number[]>();
  for (const { researcher, likelihoods } of evidence) {
    const own = shares.get(researcher) ?? startCounts.map(() => 0);
    shares.set(researcher, own);
    addShares(own, weightsOf(learned, researcher), likelihoods);
  }
  const all = startCounts.map((count, shape) =>
    [...shares.values()].reduce((sum, own) => sum + (own[shape] ?? 0), count),
  );
  const byResearcher = new Map<string, readonly number[]>();
  for (const [researcher, own] of shares) {
    const others = normalised(all.map((count, shape) => count - (own[shape] ?? 0)));
    byResearcher.set(researcher, normalised(own.map((count, shape) => count + pseudoCount * (others[shape] ?? 0))));
  }
  return { common: normalised(all), byResearcher };
}

/** Adds one proposal, shared out over the shapes by how well each explains it. */
function addShares(shares: number[], weights: readonly number[], likelihoods: Likelihoods): void {
  let total = 0;
  for (let shape = 0; shape < likelihoods.length; shape++)
    total += (weights[shape] as number) * (likelihoods[shape] as number);
  for (let shape = 0; shape < likelihoods.length; shape++) {
    shares[shape] = (shares[shape] as number) + ((weights[shape] as number) * (likelihoods[shape] as number)) / total;
  }
}

function normalised(counts: readonly number[]): readonly number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => count / sum);
}
