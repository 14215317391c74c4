/**
 * Learns from all proposals of a study which effects they have: the weights of the effect mixture, by
 * expectation-maximisation (EM).
 *
 * Each researcher has weights of its own, shrunk to what the others' proposals did; a researcher alone is shrunk to the
 * pseudo-counts that every study starts from.
 */
import { halfShapes } from './effects.ts';
import { countsOf, gainOdds, type Standing, type Start } from './start.ts';

/** Who made a proposal, where the study stood, and how well each shape of the mixture explains its runs. */
export interface ProposalLikelihood {
  readonly researcher: string;
  readonly standing: Standing;
  readonly likelihood: Float64Array;
}

/** Weights by researcher, as of a study's first proposal; a researcher without proposals so far gets the common weights. */
export interface Learned {
  readonly common: readonly number[];
  readonly byResearcher: ReadonlyMap<string, readonly number[]>;
}

/** The weights before the first experiment. */
export function nothingLearned(start: Start): Learned {
  return { common: normalised(countsOf(start)), byResearcher: new Map() };
}

/** The weights of a researcher, or the common ones, where the odds of a gain are these, relative to a study's first proposal. */
export function weightsAt(learned: Learned, researcher: string | undefined, odds: number): readonly number[] {
  const own = researcher === undefined ? undefined : learned.byResearcher.get(researcher);
  return atOdds(own ?? learned.common, odds);
}

/** The weights with the odds of a gain times this. */
function atOdds(weights: readonly number[], odds: number): readonly number[] {
  if (odds === 1) return weights;
  return normalised(weights.map((weight, shape) => (isGain(shape) ? weight * odds : weight)));
}

/** The weights after `steps` steps of EM over all proposals, starting from the present ones. */
export function learn(
  learned: Learned,
  proposals: readonly ProposalLikelihood[],
  steps: number,
  start: Start,
): Learned {
  let now = learned;
  for (let step = 0; step < steps; step++) now = stepOf(now, proposals, start);
  return now;
}

function stepOf(learned: Learned, proposals: readonly ProposalLikelihood[], start: Start): Learned {
  const counts = countsOf(start);
  const seen = new Map<string, Seen>();
  for (const { researcher, standing, likelihood } of proposals) {
    const odds = gainOdds(start, standing);
    const own = seen.get(researcher) ?? { shares: counts.map(() => 0), others: 0, exposed: 0 };
    seen.set(researcher, own);
    addShares(own, weightsAt(learned, researcher, odds), odds, likelihood);
  }
  const shares = new Map([...seen].map(([researcher, own]) => [researcher, asFirstProposals(own)] as const));
  // What the other researchers' proposals did counts for a researcher like this many proposals of its own.
  const pseudoCount = counts.reduce((sum, count) => sum + count, 0);
  const all = counts.map((count, shape) => [...shares.values()].reduce((sum, own) => sum + (own[shape] ?? 0), count));
  const byResearcher = new Map<string, readonly number[]>();
  for (const [researcher, own] of shares) {
    const others = normalised(all.map((count, shape) => count - (own[shape] ?? 0)));
    byResearcher.set(researcher, normalised(own.map((count, shape) => count + pseudoCount * (others[shape] ?? 0))));
  }
  return { common: normalised(all), byResearcher };
}

/** Proposals divided among the shapes; those that were no gains, and the same each times its odds of a gain. */
interface Seen {
  readonly shares: number[];
  others: number;
  exposed: number;
}

/** Adds one proposal, divided among the shapes by how well each explains it. */
function addShares(seen: Seen, weights: readonly number[], odds: number, likelihood: Float64Array): void {
  const { shares } = seen;
  let total = 0;
  for (let shape = 0; shape < shares.length; shape++)
    total += (weights[shape] as number) * (likelihood[shape] as number);
  for (let shape = 0; shape < shares.length; shape++) {
    const share = ((weights[shape] as number) * (likelihood[shape] as number)) / total;
    shares[shape] = (shares[shape] as number) + share;
    if (isGain(shape)) continue;
    seen.others += share;
    seen.exposed += odds * share;
  }
}

/**
 * The shares as if every proposal had been a study's first: a miss where gains are rare says little of how rare they are.
 * It is the maximum-likelihood step for odds that are one unknown times those of each proposal.
 */
function asFirstProposals({ shares, others, exposed }: Seen): readonly number[] {
  return shares.map((share, shape) => (isGain(shape) ? share : (share * exposed) / others));
}

/** Whether a shape is one of gains; the first is `nothing`. */
function isGain(shape: number): boolean {
  return halfShapes[shape - 1]?.side === -1;
}

function normalised(counts: readonly number[]): readonly number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => count / sum);
}
