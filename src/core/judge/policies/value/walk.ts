/**
 * The state of the `value` policy: every judged experiment of a study, walked over in order.
 *
 * Scores are turned so that lower is better, whatever the study's goal. The walk grows in place; its belief after n
 * experiments does not depend on when they were added.
 */
import { pooledScatter, type Scatter, type ScatterOfGroup } from '../../../statistics/contaminated-scatter.ts';
import { noRecord, type TrackRecord, trustOf, weigh } from './expectation.ts';
import { type KindLearned, learnKinds, startKinds, weighKinds, weightsOf } from './kinds.ts';
import type { ProposalLikelihood } from './learning.ts';
import { likelihoodsOf, momentsOf } from './likelihood.ts';
import { effectPosterior, type IncumbentBelief, type Moments, settle } from './posterior.ts';
import { type Known, type Place, type Proposed, priorOf } from './prior.ts';
import { inferSigma, type NearCandidate } from './sigma.ts';
import { publicKinds, type Standing, type StudyKind } from './start.ts';

/** The scores of one candidate's runs: their mean, number and scatter. */
export interface Runs {
  readonly mean: number;
  readonly runs: number;
  /** Sum of squares around the mean. */
  readonly squares: number;
}

/** A judged experiment that was measured. */
export interface JudgedExperiment extends Runs, Proposed {
  readonly isKept: boolean;
}

/** What the walk believes after the experiments so far. */
export interface Belief extends Known {
  /** One run's noise, in the metric's unit. */
  readonly sigma: number;
  /** Whether sigma was given rather than inferred. */
  readonly isSigmaKnown: boolean;
  /** Repeated runs of the same candidates: the squares within, less what those that diverged have too much. */
  readonly repeats: Scatter;
  /** The incumbent's true score, in sigma from `origin`. */
  readonly incumbent: IncumbentBelief;
  /** The baseline's mean. */
  readonly origin: number;
  /** The chance that what a model expects of a candidate is right. */
  readonly trust: number;
}

export interface Walk {
  readonly belief: () => Belief;
  /** Settles the next experiment, whose verdict is given. */
  readonly add: (experiment: JudgedExperiment) => void;
}

export interface WalkOptions {
  /** One run's noise in the metric's unit, when it is known; otherwise it is inferred. */
  readonly sigma?: number;
  /** Sigma is never taken to be below this, such as the resolution of the printed number. */
  readonly minSigma?: number;
  /** What is assumed before the first proposal; of a new study, if it is not given. */
  readonly kinds?: readonly StudyKind[];
}

/**
 * Variance, in sigma squared, that the belief about the incumbent gains per run, since a machine drifts over a night.
 */
const drift = 0.005;
/** Steps of EM at each addition; later ones start where the last ended and need fewer. */
const learningSteps = 3;
const laterLearningSteps = 1;
/** Experiments up to which each addition takes `learningSteps`. */
const earlyTrials = 50;
/** Up to this many experiments the walk starts anew at each addition, then whenever their number has grown by 15 %. */
const alwaysFolded = 24;
const foldGrowth = 1.15;
/**
 * Beyond this many experiments the weights are learned at fewer additions: n experiments must not take n squared steps.
 */
const alwaysLearned = 500;

/** A walk that has seen the baseline's runs and nothing else. */
export function startWalk(baseline: Runs, { sigma: given, minSigma = 0, kinds = publicKinds }: WalkOptions = {}): Walk {
  const judged: JudgedExperiment[] = [];
  const scatters: ScatterOfGroup[] = [{ ...repeatsOf(baseline, minSigma), isCertain: true }];
  let repeats: Scatter = pooledScatter(scatters);
  const guess = Math.max(minSigma, Math.sqrt(repeats.squares / repeats.degreesOfFreedom));
  let learned = startKinds(kinds);
  let nextAnew = 1;
  const atBaseline: IncumbentBelief = { mean: 0, variance: 1 / baseline.runs };
  let folded = emptyFold(given ?? Math.max(minSigma, inferSigma(guess, guess, repeats, [])), atBaseline);

  const foldAnew = () => {
    repeats = pooledScatter(scatters);
    const sigma = given ?? Math.max(minSigma, inferSigma(guess, folded.sigma, repeats, folded.near));
    folded = emptyFold(sigma, atBaseline);
    for (const experiment of judged) foldExperiment(folded, experiment, baseline.mean, learned);
  };

  return {
    belief: () => ({
      sigma: folded.sigma,
      isSigmaKnown: given !== undefined,
      repeats,
      learned,
      incumbent: folded.incumbent,
      origin: baseline.mean,
      places: folded.places,
      standing: standingOf(folded),
      trust: trustOf(folded.record),
    }),
    add: (experiment) => {
      judged.push(experiment);
      const { squares, runs, isKept } = experiment;
      if (runs > 1) scatters.push({ squares, degreesOfFreedom: runs - 1, isCertain: isKept });
      foldExperiment(folded, experiment, baseline.mean, learned);
      if (judged.length >= nextAnew) {
        nextAnew = Math.ceil(judged.length < alwaysFolded ? judged.length + 1 : judged.length * foldGrowth);
        foldAnew();
      }
      const proposal = isOfOtherProposals(experiment) ? undefined : folded.proposals.at(-1);
      if (proposal) learned = weighKinds(learned, proposal);
      const pause = Math.ceil(judged.length / alwaysLearned);
      const steps = judged.length > earlyTrials ? laterLearningSteps : learningSteps;
      if (judged.length % pause === 0) learned = learnKinds(learned, folded.proposals, steps);
    },
  };
}

/** Mean, number and scatter of these scores, of which there must be at least one. */
export function runsOf(values: readonly number[]): Runs {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, runs: values.length, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}

/** The belief and its data after the experiments so far, under one sigma. */
interface Fold {
  readonly sigma: number;
  incumbent: IncumbentBelief;
  readonly proposals: ProposalLikelihood[];
  readonly near: NearCandidate[];
  readonly places: Place[];
  /** Proposals since the last keep. */
  misses: number;
  record: TrackRecord;
}

function standingOf({ proposals, misses }: Fold): Standing {
  return { proposals: proposals.length, misses };
}

function emptyFold(sigma: number, incumbent: IncumbentBelief): Fold {
  return { sigma, incumbent, proposals: [], near: [], places: [], misses: 0, record: noRecord };
}

function foldExperiment(
  fold: Fold,
  { mean, runs, isKept, squares: _, ...proposed }: JudgedExperiment,
  origin: number,
  learned: readonly KindLearned[],
): void {
  const { incumbent, sigma, places } = fold;
  const standing = standingOf(fold);
  const offset = (mean - origin) / sigma - incumbent.mean;
  const variance = incumbent.variance + 1 / runs;
  const isOfOthers = isOfOtherProposals(proposed);
  const effect = isOfOthers
    ? effectPosterior(
        priorOf({ learned, places, standing }, proposed, { sigma, trust: trustOf(fold.record) }),
        offset,
        variance,
      )
    : learnFrom(fold, { offset, variance, runs, standing, ...proposed }, learned);
  const settled = settle(incumbent, offset, variance, effect, isKept);
  places.push({ ...proposed, offset, variance, standing, isKept });
  fold.incumbent = { mean: settled.mean, variance: settled.variance + drift * runs };
  fold.misses = isKept ? 0 : fold.misses + (isOfOthers ? 0 : 1);
}

/** Whether it says nothing of what proposals do: a combination, or a second look. */
function isOfOtherProposals({ combines, repeats }: Proposed): boolean {
  return combines !== undefined || repeats !== undefined;
}

/** Adds what a proposal of its own says about sigma and the mixture; gives its effect. */
function learnFrom(fold: Fold, measured: Measured, learned: readonly KindLearned[]): Moments {
  const { offset, variance, runs, researcher, standing, expects } = measured;
  const { incumbent, proposals, near, sigma } = fold;
  const weights = weightsOf(learned, researcher, standing);
  const likelihoods = likelihoodsOf(offset, variance);
  proposals.push({ researcher, standing, likelihood: likelihoods.likelihood });
  const [nothing = 0, ...others] = weights;
  const unscaled = others.reduce((sum, weight, index) => sum + weight * (likelihoods.likelihood[index + 1] ?? 0), 0);
  const background = unscaled / Math.sqrt(2 * Math.PI * variance);
  near.push({ offset, incumbentVariance: incumbent.variance, runs, nothing, background });
  const usual = momentsOf(weights, offset, likelihoods);
  if (!expects) return usual;
  const density = background + (nothing * (likelihoods.likelihood[0] ?? 0)) / Math.sqrt(2 * Math.PI * variance);
  const weighed = weigh(fold.record, { expects, sigma }, { offset, variance }, { usual, density });
  fold.record = weighed.record;
  return weighed;
}

/** The runs of a proposal of its own, in sigma from the incumbent. */
interface Measured extends Omit<Place, 'isKept'> {
  readonly runs: number;
}

/** The noise that the baseline shows. With one run, or equal ones, it is 1 % of the score, as one degree of freedom. */
function repeatsOf({ mean, runs, squares }: Runs, minSigma: number): Scatter {
  if (runs > 1 && squares > 0) return { squares, degreesOfFreedom: runs - 1 };
  const guess = Math.max(minSigma, Math.abs(mean) / 100, 1e-12);
  return { squares: guess ** 2, degreesOfFreedom: 1 };
}
