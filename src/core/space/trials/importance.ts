/**
 * What each knob alone would gain: the score at the start less the score with that one knob set to the best of its
 * tried values.
 *
 * Trials walk from one incumbent to the next, so their values are no independent draws, and a knob that merely stood well
 * while others were turned looks important to a method that compares the best trials with the rest. So the score is modelled
 * as a sum of one smooth effect for each knob: a Gaussian process with a variance per knob, fitted to all trials at once.
 * Within it, trials that differ in one knob speak for that knob alone. What does not add up, because knobs depend on each
 * other, counts as noise beside that of repeated runs, and widens the intervals.
 */
import { mean, sumOfSquares } from '../../statistics/moments.ts';
import { studentQuantile } from '../../statistics/student-t.ts';
import {
  type ComponentFit,
  dot,
  fitVarianceComponents,
  type Rows,
  times,
} from '../../statistics/variance-components.ts';
import type { KnobValue } from '../knob.ts';
import { likeness, placesOf } from './knob-places.ts';
import type { Trial } from './trials.ts';

export interface KnobImportance {
  /** `file:KNOB`. */
  readonly key: string;
  /** Its share in the gains of all knobs, 0 to 1; 0 for one whose gain is not distinguishable. */
  readonly share: number;
  /** How much better the score is expected to be than at the start with this knob alone at `to`; at least 0. */
  readonly gain: number;
  /** 95 % interval of the gain. */
  readonly interval: readonly [number, number];
  /** Whether the gain is more than three standard errors. */
  readonly isDistinguishable: boolean;
  /** The value at the start; absent where the journal does not tell. */
  readonly from?: KnobValue;
  /** The tried value with the largest gain; absent when that is an unknown one. */
  readonly to?: KnobValue;
}

export interface Importance {
  readonly trials: number;
  /** A quarter of the trials; nothing rests on it, but readers of the JSON know it. */
  readonly best: number;
  /** Those with a distinguishable gain come first, then the one with the largest gain. */
  readonly knobs: readonly KnobImportance[];
}

/** Trials that are needed; with fewer, nearly nothing is distinguishable. */
const minTrials = 16;
const bestShare = 0.25;
/** More trials than this are thinned out evenly: the time grows with the cube. */
const maxTrials = 100;
/** P(Z <= 3) of a normal Z. */
const threeSigma = 0.998_650_102;

/** The importance of every knob that was ever set; undefined with fewer than 16 trials, or none that set a knob. */
export function measureImportance(finished: readonly Trial[]): Importance | undefined {
  const keys = [...new Set(finished.flatMap(({ values }) => Object.keys(values)))].sort();
  if (finished.length < minTrials || keys.length === 0) return undefined;
  const measured = measureEffects(telling(finished), keys).sort(
    (a, b) => Number(b.isDistinguishable) - Number(a.isDistinguishable) || b.gain - a.gain,
  );
  const total = measured.reduce((sum, knob) => sum + countedGain(knob), 0);
  const knobs = measured.map((knob) => ({ ...knob, share: total === 0 ? 0 : countedGain(knob) / total }));
  return { trials: finished.length, best: Math.ceil(finished.length * bestShare), knobs };
}

function countedGain({ gain, isDistinguishable }: Pick<KnobImportance, 'gain' | 'isDistinguishable'>): number {
  return isDistinguishable ? gain : 0;
}

/** A trial with a score, the first of which is the start. */
interface Telling {
  readonly values: Trial['values'];
  readonly score: number;
  readonly scores: readonly number[];
}

/** Scores worse than the start by more than this many times what the study moved are of trainings that diverged. */
const maxLoss = 2;

/**
 * The trials that say something about a gain over the start, which is the first. Failures do not, nor do trainings that
 * diverged: how bad those are depends on no knob smoothly.
 */
function telling(finished: readonly Trial[]): readonly Telling[] {
  const scored = finished
    .filter(({ scores }) => scores.length > 0)
    .toSorted((a, b) => a.experiment - b.experiment)
    .map(({ values, scores }) => ({ values, scores, score: mean(scores) }));
  const sorted = scored.map(({ score }) => score).sort((a, b) => a - b);
  const [best = 0, median = 0, start = 0] = [sorted[0], sorted[sorted.length >> 1], scored[0]?.score];
  const limit = start + maxLoss * Math.max(start - best, median - best);
  const near = scored.filter(({ score }) => score <= limit);
  const stride = Math.max(1, (near.length - 1) / (maxTrials - 1));
  return near.length <= maxTrials
    ? near
    : Array.from({ length: maxTrials }, (_, index) => near[Math.round(index * stride)]).filter(
        (each) => each !== undefined,
      );
}

type Effect = Omit<KnobImportance, 'share'>;

function measureEffects(trials: readonly Telling[], keys: readonly string[]): Effect[] {
  const start = trials[0];
  if (!start) return [];
  const values = keys.map((key) => trials.map((trial) => trial.values[key]));
  const effects = values.map(effectOf);
  const model = fitModel(trials, effects);
  return keys.map((key, index) => {
    const effect = effects[index] ?? [];
    const variance = model.variances[index] ?? 0;
    const tried = effect.map((row, index) => gainAt(row, row[index] ?? 0, variance, model));
    const best = tried.reduce((a, b) => (b.gain > a.gain ? b : a), { gain: 0, standardError: 0 });
    const to = values[index]?.[Math.max(0, tried.indexOf(best))];
    return { key, ...judged(best, model.degreesOfFreedom), ...named('from', start.values[key]), ...named('to', to) };
  });
}

function named<Name extends string>(name: Name, value: KnobValue | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: KnobValue };
}

function judged({ gain, standardError }: Gain, degreesOfFreedom: number): Omit<Effect, 'key'> {
  const half = studentQuantile(0.975, degreesOfFreedom) * standardError;
  const isDistinguishable = gain > studentQuantile(threeSigma, degreesOfFreedom) * standardError;
  return { gain, interval: [gain - half, gain + half], isDistinguishable };
}

/** The covariances of a knob's effect on each two trials, for a variance of 1; an effect is the difference from the start. */
function effectOf(values: readonly (KnobValue | undefined)[]): Rows {
  const places = placesOf(values);
  const start = places[0] ?? 0;
  return places.map((a) =>
    Float64Array.from(places, (b) => likeness(a, b) - likeness(a, start) - likeness(start, b) + 1),
  );
}

interface Model extends ComponentFit {
  readonly degreesOfFreedom: number;
  /** The standard deviation of the scores, in which the fit counts. */
  readonly unit: number;
}

/** How unknown the level of the scores is beforehand, and the noise that is never fallen short of, in squared units. */
const unknownLevel = 100;
const minNoise = 1e-6;

function fitModel(trials: readonly Telling[], effects: readonly Rows[]): Model {
  const scores = trials.map(({ score }) => score);
  const level = scores[0] ?? 0;
  // Where all scores are equal any unit will do.
  const unit = Math.sqrt(sumOfSquares(scores) / scores.length) || 1;
  const noise = repeatedVariance(trials) / unit ** 2;
  const known = trials.map((trial, i) =>
    Float64Array.from(trials, (_, j) => unknownLevel + (i === j ? minNoise + noise / trial.scores.length : 0)),
  );
  const misfit = trials.map((_, i) => Float64Array.from(trials, (__, j) => (i === j ? 1 : 0)));
  const observations = Float64Array.from(scores, (score) => (score - level) / unit);
  const fit = fitVarianceComponents([...effects, misfit], known, observations);
  const used = effects.reduce((sum, effect, index) => sum + degreesOf(effect, fit.variances[index] ?? 0, fit), 0);
  return { ...fit, unit, degreesOfFreedom: Math.max(2, trials.length - 1 - used) };
}

/** How many numbers were fitted for an effect: the trace of its smoother. */
function degreesOf(effect: Rows, variance: number, { inverse }: ComponentFit): number {
  return variance * effect.reduce((sum, row, i) => sum + dot(row, inverse[i] ?? row), 0);
}

/** The variance of a run's score, pooled over the trials that ran more than once; 0 when none did. */
function repeatedVariance(trials: readonly Telling[]): number {
  const repeated = trials.filter(({ scores }) => scores.length > 1);
  const degreesOfFreedom = repeated.reduce((sum, { scores }) => sum + scores.length - 1, 0);
  const squares = repeated.reduce((sum, { scores }) => sum + sumOfSquares(scores), 0);
  return degreesOfFreedom === 0 ? 0 : squares / degreesOfFreedom;
}

interface Gain {
  readonly gain: number;
  readonly standardError: number;
}

/** The posterior of the gain over the start at one trial's value of the knob: its row of the effect, and `own` of it. */
function gainAt(row: Float64Array, own: number, variance: number, { inverse, weights, unit }: Model): Gain {
  const known = variance * variance * dot(row, times(inverse, row));
  const standardError = unit * Math.sqrt(Math.max(0, variance * own - known));
  return { gain: -unit * variance * dot(row, weights), standardError };
}
