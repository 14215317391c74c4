/**
 * What is thought of a proposal's effect before it has run: the learned mixture, or, of one that combines near misses,
 * the sum of what their own runs say. Where a model of the trials expects something, that is believed as far as such
 * expectations have come true.
 */
import type { Expectation } from '../../../journal/entry.ts';
import { at, gridSize, mixtureOf } from './effects.ts';
import { expectedDensity, trustInSecondLook } from './expectation.ts';
import { type KindLearned, weightsOf } from './kinds.ts';
import { type EffectPosterior, effectPosterior } from './posterior.ts';
import type { Standing } from './start.ts';

/** Whose proposal it is, and the judged experiments that it combines, by their place in the walk. */
export interface Proposed {
  readonly researcher: string;
  readonly combines?: readonly number[];
  readonly expects?: Expectation;
  /** The judged experiment that it runs again, by its place in the walk. */
  readonly repeats?: number;
}

/** What an expectation is weighed with: one run's noise, and the chance that a model's expectation is right. */
export interface Trust {
  readonly sigma: number;
  readonly trust: number;
}

/** Where a judged experiment's runs lie: their mean from the incumbent's score of that time, and its variance; in sigma. */
export interface Place extends Proposed {
  readonly offset: number;
  readonly variance: number;
  /** Where the study stood when it was proposed. */
  readonly standing: Standing;
  readonly isKept: boolean;
}

/** What has been learned, the experiments behind it, and where the study stands. */
export interface Known {
  readonly learned: readonly KindLearned[];
  /** Every judged experiment, in order. */
  readonly places: readonly Place[];
  readonly standing: Standing;
}

/** The density on the grid of the effect of a proposal made now. */
export function priorOf(
  { learned, places, standing }: Known,
  { researcher, combines, expects, repeats }: Proposed,
  { sigma, trust }: Trust,
): Float64Array {
  const parts = combines ?? (repeats === undefined ? undefined : [repeats]);
  const usual = parts ? combinedPrior(learned, places, parts) : mixtureOf(weightsOf(learned, researcher, standing));
  if (!expects) return usual;
  const expected = expectedDensity(expects, sigma);
  const weight = repeats === undefined ? trust : trustInSecondLook(trust);
  return usual.map((chance, point) => (1 - weight) * chance + weight * at(expected, point));
}

/** The density on the grid of the sum of these experiments' effects, taken to be independent. */
export function combinedPrior(
  learned: readonly KindLearned[],
  places: readonly Place[],
  combines: readonly number[],
): Float64Array {
  const [first, ...others] = combines.flatMap((index) => places[index] ?? []).map((place) => effectAt(learned, place));
  const nothing = Float64Array.from({ length: gridSize }, (_, point) => (point === centre ? 1 : 0));
  return others.reduce((sum, { density }) => convolve(sum, density), first?.density ?? nothing);
}

/** The posterior of a judged experiment's own effect, by what is known of its study's proposals today. */
export function effectAt(
  learned: readonly KindLearned[],
  { researcher, offset, variance, standing }: Place,
): EffectPosterior {
  return effectPosterior(mixtureOf(weightsOf(learned, researcher, standing)), offset, variance);
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
