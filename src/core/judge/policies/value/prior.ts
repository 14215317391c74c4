/**
 * What is thought of a proposal's effect before it has run: the learned mixture, or, of one that combines near misses,
 * the sum of what their own runs say.
 */
import { at, gridSize, mixtureOf } from './effects.ts';
import { type Learned, weightsOf } from './learning.ts';
import { type EffectPosterior, effectPosterior } from './posterior.ts';

/** Whose proposal it is, and the judged experiments that it combines, by their place in the walk. */
export interface Proposed {
  readonly researcher: string;
  readonly combines?: readonly number[];
}

/** Where a judged experiment's runs lie: their mean from the incumbent's score of that time, and its variance; in sigma. */
export interface Place extends Proposed {
  readonly offset: number;
  readonly variance: number;
  readonly isKept: boolean;
}

/** The density on the grid of a proposal's effect. */
export function priorOf(learned: Learned, places: readonly Place[], { researcher, combines }: Proposed): Float64Array {
  return combines ? combinedPrior(learned, places, combines) : mixtureOf(weightsOf(learned, researcher));
}

/** The density on the grid of the sum of these experiments' effects, taken to be independent. */
export function combinedPrior(learned: Learned, places: readonly Place[], combines: readonly number[]): Float64Array {
  const [first, ...others] = combines.flatMap((index) => places[index] ?? []).map((place) => effectAt(learned, place));
  const nothing = Float64Array.from({ length: gridSize }, (_, point) => (point === centre ? 1 : 0));
  return others.reduce((sum, { density }) => convolve(sum, density), first?.density ?? nothing);
}

/** The posterior of a judged experiment's own effect, by what is known of its study's proposals today. */
export function effectAt(learned: Learned, { researcher, offset, variance }: Place): EffectPosterior {
  return effectPosterior(mixtureOf(weightsOf(learned, researcher)), offset, variance);
}

const centre = (gridSize - 1) / 2;
/** Chances below this are left out of a sum. */
const negligible = 1e-9;

/** The density of the sum of two effects; what is beyond the grid is put at its edge. */
function convolve(one: Float64Array, other: Float64Array): Float64Array {
  const sum = new Float64Array(gridSize);
  for (let point = 0; point < gridSize; point++) {
    const chance = at(one, point);
    if (chance < negligible) continue;
    for (let step = 0; step < gridSize; step++) {
      const place = Math.min(gridSize - 1, Math.max(0, point + step - centre));
      sum[place] = at(sum, place) + chance * at(other, step);
    }
  }
  return sum;
}
