/**
 * The state of the `value` policy: every judged experiment of a study, walked over in order.
 *
 * Values are such that lower is better, whatever the study's goal. The walk grows in place; what it believes after n
 * experiments does not depend on when they were added.
 */
import { type Learned, learn, nothingLearned, type ProposalLikelihood, weightsOf } from './learning.ts';
import { likelihoodsOf, momentsOf } from './likelihood.ts';
import { type Place, settle } from './posterior.ts';
import { inferSigma, type NearCandidate, type Repeats } from './sigma.ts';

/** The runs of one candidate, summed up. */
export interface Runs {
  readonly mean: number;
  readonly runs: number;
  /** Sum of squares around the mean. */
  readonly squares: number;
}

/** A judged experiment that was measured. */
export interface JudgedExperiment extends Runs {
  readonly researcher: string;
  readonly isKept: boolean;
}

/** What the walk believes now. */
export interface Belief {
  /** One run's noise, in the metric's unit. */
  readonly sigma: number;
  /** Whether sigma was given rather than inferred. */
  readonly isSigmaKnown: boolean;
  readonly repeats: Repeats;
  readonly learned: Learned;
  /** The incumbent, in sigma from `origin`. */
  readonly place: Place;
  /** The baseline's mean. */
  readonly origin: number;
}

export interface Walk {
  readonly belief: () => Belief;
  /** Settles the next experiment, whose verdict is given. */
  readonly add: (experiment: JudgedExperiment) => void;
}

export interface WalkOptions {
  /** When it is known; otherwise it is inferred. */
  readonly sigma?: number;
  /** Sigma is never taken to be below this, such as the resolution of the printed number. */
  readonly leastSigma?: number;
}

/** The variance that the incumbent's place gains per run, since nothing stays as it was for a whole night. */
const drift = 0.005;
/** Steps of EM at each addition; later ones start where the last ended and need fewer. */
const learningSteps = 3;
const laterLearningSteps = 1;
/** The first so many additions. */
const learnedMore = 50;
/** Up to this many experiments the walk starts anew at each addition, then whenever there are `foldedGrowth` times as many. */
const foldedAlways = 24;
const foldedGrowth = 1.15;
/** Beyond this many experiments the weights are learned at fewer additions: n experiments must not take n squared steps. */
const learnedAlways = 500;

/** A walk that has seen the baseline's runs and nothing else. */
export function startWalk(baseline: Runs, { sigma: given, leastSigma = 0 }: WalkOptions = {}): Walk {
  const judged: JudgedExperiment[] = [];
  let repeats = repeatsOf(baseline, leastSigma);
  const guess = Math.max(leastSigma, Math.sqrt(repeats.squares / repeats.degreesOfFreedom));
  let learned = nothingLearned;
  let nextAnew = 1;
  const start: Place = { mean: 0, variance: 1 / baseline.runs };
  let folded = emptyFold(given ?? Math.max(leastSigma, inferSigma(guess, guess, repeats, [])), start);

  const foldAnew = () => {
    const sigma = given ?? Math.max(leastSigma, inferSigma(guess, folded.sigma, repeats, folded.near));
    folded = emptyFold(sigma, start);
    for (const experiment of judged) foldExperiment(folded, experiment, baseline.mean, learned);
  };

  return {
    belief: () => ({
      sigma: folded.sigma,
      isSigmaKnown: given !== undefined,
      repeats,
      learned,
      place: folded.place,
      origin: baseline.mean,
    }),
    add: (experiment) => {
      judged.push(experiment);
      repeats = {
        squares: repeats.squares + experiment.squares,
        degreesOfFreedom: repeats.degreesOfFreedom + experiment.runs - 1,
      };
      foldExperiment(folded, experiment, baseline.mean, learned);
      if (judged.length >= nextAnew) {
        nextAnew = Math.ceil(judged.length < foldedAlways ? judged.length + 1 : judged.length * foldedGrowth);
        foldAnew();
      }
      const pause = Math.ceil(judged.length / learnedAlways);
      if (judged.length % pause === 0)
        learned = learn(learned, folded.proposals, judged.length > learnedMore ? laterLearningSteps : learningSteps);
    },
  };
}

/** The runs with these values, of which there is at least one, summed up. */
export function runsOf(values: readonly number[]): Runs {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, runs: values.length, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}

/** What the experiments so far add up to under one sigma. */
interface Fold {
  readonly sigma: number;
  place: Place;
  readonly proposals: ProposalLikelihood[];
  readonly near: NearCandidate[];
}

function emptyFold(sigma: number, place: Place): Fold {
  return { sigma, place, proposals: [], near: [] };
}

function foldExperiment(
  fold: Fold,
  { mean, runs, researcher, isKept }: JudgedExperiment,
  origin: number,
  learned: Learned,
): void {
  const { place, sigma } = fold;
  const offset = (mean - origin) / sigma - place.mean;
  const variance = place.variance + 1 / runs;
  const weights = weightsOf(learned, researcher);
  const likelihoods = likelihoodsOf(offset, variance);
  fold.proposals.push({ researcher, likelihood: likelihoods.likelihood });
  const [nothing = 0, ...others] = weights;
  const unscaled = others.reduce((sum, weight, index) => sum + weight * (likelihoods.likelihood[index + 1] ?? 0), 0);
  const background = unscaled / Math.sqrt(2 * Math.PI * variance);
  fold.near.push({ offset, placeVariance: place.variance, runs, nothing, background });
  const settled = settle(place, offset, variance, momentsOf(weights, offset, likelihoods), isKept);
  fold.place = { mean: settled.mean, variance: settled.variance + drift * runs };
}

/** A baseline of one run says nothing about noise: then a hundredth of its value counts as one degree of freedom. */
function repeatsOf({ mean, runs, squares }: Runs, leastSigma: number): Repeats {
  if (runs > 1 && squares > 0) return { squares, degreesOfFreedom: runs - 1 };
  const guess = Math.max(leastSigma, Math.abs(mean) / 100, 1e-12);
  return { squares: guess ** 2, degreesOfFreedom: 1 };
}
