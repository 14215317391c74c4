/**
 * When near misses are worth running again, all of them together as one candidate.
 *
 * A candidate that may be a gain, and is more likely none, is not kept, and alone it is not worth another run. Some of
 * them together are: those that do nothing cost nothing, and the sum is soon more likely real than not. So the gains
 * that the price of a fiction forgoes come back for a few runs.
 */

import { maxEffect, mixtureOf } from './effects.ts';
import { weightsOf } from './kinds.ts';
import { combinedPrior, effectAt, type Place } from './prior.ts';
import { rateOf } from './stopping.ts';
import type { Belief } from './walk.ts';

/** Experiments that one candidate combines at most. */
const maxMembers = 16;
/** An experiment joins when its mean gain, in sigma, is more than this. */
const minGain = 0.01;
/** Sum of the mean gains, in sigma, below which nothing is combined. */
const minSum = 0.2;
/** A combination runs when it gains this many times as much per run as a usual proposal: until then it may grow. */
const minRateRatio = 6;

/**
 * The judged experiments to combine now, by their place in the walk, best first; undefined while that is not worth it.
 * `joins` says whether all of these can be one candidate.
 */
export function dueCombination(
  belief: Belief,
  joins: (members: readonly number[]) => boolean,
): readonly number[] | undefined {
  const candidates = nearMisses(belief);
  if (sumOf(candidates.slice(0, maxMembers)) < minSum) return undefined;
  const members: NearMiss[] = [];
  for (const candidate of candidates) {
    if (members.length === maxMembers) break;
    if (joins([...members, candidate].map(({ index }) => index))) members.push(candidate);
  }
  if (members.length < 2 || sumOf(members) < minSum) return undefined;
  const combines = members.map(({ index }) => index);
  const prior = combinedPrior(belief.learned, belief.places, combines);
  const rate = rateOf(prior, belief.incumbent.variance, false);
  return rate > minRateRatio * usualRate(belief) ? combines : undefined;
}

/** The expected gain per run, in sigma, of the study's usual proposals. */
export function usualRate({ learned, incumbent, standing }: Belief): number {
  return rateOf(mixtureOf(weightsOf(learned, undefined, standing)), incumbent.variance, true);
}

interface NearMiss {
  readonly index: number;
  readonly gain: number;
}

/** The reverted experiments that may be gains, the best first; without those that were part of a combination or had a second look. */
function nearMisses({ places, learned }: Belief): NearMiss[] {
  const combined = new Set(places.flatMap(({ combines = [], repeats = [] }) => combines.concat(repeats)));
  const isOpen = ({ isKept, combines, repeats, offset }: Place, index: number) =>
    !isKept && !combines && repeats === undefined && offset < 0 && offset > -maxEffect && !combined.has(index);
  return places
    .flatMap((place, index) => (isOpen(place, index) ? [{ index, gain: -effectAt(learned, place).mean }] : []))
    .filter(({ gain }) => gain > minGain)
    .sort((a, b) => b.gain - a.gain);
}

function sumOf(members: readonly NearMiss[]): number {
  return members.reduce((sum, { gain }) => sum + gain, 0);
}
