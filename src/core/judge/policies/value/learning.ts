/**
 * Learns from all proposals of a study which effects they have: the weights of the effect mixture, by
 * expectation-maximisation (EM).
 *
 * Each researcher has weights of its own, shrunk to what the others' proposals did; a researcher alone is shrunk to the
 * pseudo-counts that every study starts from.
 */
import { startCounts } from './effects.ts';

/** Who made a proposal, and how well each shape of the mixture explains its runs. */
export interface ProposalLikelihood {
  readonly researcher: string;
  readonly likelihood: Float64Array;
}

/** Weights by researcher; one without proposals so far gets the common weights. */
export interface Learned {
  readonly common: readonly number[];
  readonly byResearcher: ReadonlyMap<string, readonly number[]>;
}

export const startWeights: readonly number[] = normalised(startCounts);
/** The weights before the first experiment. */
export const nothingLearned: Learned = { common: startWeights, byResearcher: new Map() };

/** What the other researchers' proposals did counts for a researcher like this many proposals of its own. */
const pseudoCount = startCounts.reduce((sum, count) => sum + count, 0);

/** The weights of a researcher. */
export function weightsOf(learned: Learned, researcher: string): readonly number[] {
  return learned.byResearcher.get(researcher) ?? learned.common;
}

/** The weights after `steps` steps of EM over all proposals, starting from the present ones. */
export function learn(learned: Learned, proposals: readonly ProposalLikelihood[], steps: number): Learned {
  let now = learned;
  for (let step = 0; step < steps; step++) now = stepOf(now, proposals);
  return now;
}

function stepOf(learned: Learned, proposals: readonly ProposalLikelihood[]): Learned {
  const shares = new Map<string, number[]>();
  for (const { researcher, likelihood } of proposals) {
    const own = shares.get(researcher) ?? startCounts.map(() => 0);
    shares.set(researcher, own);
    addShares(own, weightsOf(learned, researcher), likelihood);
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

/** Adds one proposal, divided among the shapes by how well each explains it. */
function addShares(shares: number[], weights: readonly number[], likelihood: Float64Array): void {
  let total = 0;
  for (let shape = 0; shape < shares.length; shape++)
    total += (weights[shape] as number) * (likelihood[shape] as number);
  for (let shape = 0; shape < shares.length; shape++) {
    shares[shape] = (shares[shape] as number) + ((weights[shape] as number) * (likelihood[shape] as number)) / total;
  }
}

function normalised(counts: readonly number[]): readonly number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => count / sum);
}
