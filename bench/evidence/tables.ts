/**
 * What the public studies show, as rows: how often an experiment is kept by its number and by the misses before it, and
 * effects in units of noise. Each row says how many repositories stand behind it.
 */
import { mean } from '../../src/core/statistics/moments.ts';
import { round } from '../report.ts';
import { knownNoise } from './noise.ts';
import { type ExperimentStep, stepsOf } from './steps.ts';
import type { PublicStudy } from './study.ts';

/** From and to, both included. */
type Span = readonly [from: number, to: number];

const end = Number.POSITIVE_INFINITY;
const positions: readonly Span[] = [
  [1, 10],
  [11, 40],
  [41, end],
];
const droughts: readonly Span[] = [
  [0, 0],
  [1, 2],
  [3, 5],
  [6, 10],
  [11, 20],
  [21, 40],
  [41, end],
];
/** Bounds of gains in sigma: a bin lies between two of them. */
const gains = [-end, -30, -10, -3, -1, 1, 3, 10, end];

/** How often an experiment in such a place is kept. */
export interface RateRow {
  readonly span: string;
  readonly repositories: number;
  readonly studies: number;
  readonly experiments: number;
  readonly keeps: number;
  /** Each experiment once, then each repository once. */
  readonly keepRate: number;
  readonly keepRateOverRepositories: number;
  readonly crashRate: number;
}

/** How many effects lie between two bounds. */
export interface EffectRow {
  readonly gainInSigma: string;
  readonly repositories: number;
  readonly experiments: number;
  readonly share: number;
  readonly shareOverRepositories: number;
}

export interface EvidenceTables {
  readonly repositories: number;
  readonly studies: number;
  readonly experiments: number;
  readonly keeps: number;
  readonly byPosition: readonly RateRow[];
  readonly byMisses: readonly RateRow[];
  /** Of the studies whose noise is known. */
  readonly effects: readonly EffectRow[];
}

/** The tables of these studies. */
export function evidenceTables(studies: readonly PublicStudy[]): EvidenceTables {
  const stepped = studies.map((study) => ({ study, steps: stepsOf(study) }));
  const steps = stepped.flatMap((each) => each.steps);
  return {
    repositories: countRepositories(studies),
    studies: studies.length,
    experiments: steps.length,
    keeps: steps.filter(isKept).length,
    byPosition: positions.map((span) => rateRow(stepped, span, ({ position }) => position)),
    byMisses: droughts.map((span) => rateRow(stepped, span, ({ misses }) => misses)),
    effects: effectRows(stepped),
  };
}

/** The repositories of these studies, sorted. */
export function repositoriesOf(studies: readonly { readonly repository: string }[]): string[] {
  return [...new Set(studies.map(({ repository }) => repository))].toSorted();
}

interface Stepped {
  readonly study: PublicStudy;
  readonly steps: readonly ExperimentStep[];
}

function rateRow(all: readonly Stepped[], [from, to]: Span, placeOf: (step: ExperimentStep) => number): RateRow {
  const inside = all
    .map(({ study, steps }) => ({ study, steps: steps.filter((step) => placeOf(step) >= from && placeOf(step) <= to) }))
    .filter(({ steps }) => steps.length > 0);
  const steps = inside.flatMap((each) => each.steps);
  const keeps = steps.filter(isKept).length;
  return {
    span: from === to ? `${from}` : to === end ? `${from} and more` : `${from} to ${to}`,
    repositories: countRepositories(inside.map(({ study }) => study)),
    studies: inside.length,
    experiments: steps.length,
    keeps,
    keepRate: shareOf(keeps, steps.length),
    keepRateOverRepositories: overRepositories(inside, isKept),
    crashRate: shareOf(steps.filter(({ outcome }) => outcome === 'crashed').length, steps.length),
  };
}

function effectRows(all: readonly Stepped[]): EffectRow[] {
  const inSigma = all.flatMap(({ study, steps }) => {
    const noise = knownNoise(study);
    const scored = steps.flatMap((step) => (step.gain === null ? [] : [{ ...step, gain: step.gain / (noise ?? 1) }]));
    return noise === undefined ? [] : [{ study, steps: scored }];
  });
  const steps = inSigma.flatMap((each) => each.steps);
  return gains.slice(1).map((to, index) => {
    const from = gains[index] ?? -end;
    const isInside = ({ gain }: ExperimentStep) => gain !== null && gain >= from && gain < to;
    const holding = inSigma.filter((each) => each.steps.some(isInside));
    return {
      gainInSigma: from === -end ? `below ${to}` : to === end ? `${from} and more` : `${from} to ${to}`,
      repositories: countRepositories(holding.map(({ study }) => study)),
      experiments: steps.filter(isInside).length,
      share: shareOf(steps.filter(isInside).length, steps.length),
      shareOverRepositories: overRepositories(inSigma, isInside),
    };
  });
}

function overRepositories(all: readonly Stepped[], counts: (step: ExperimentStep) => boolean): number {
  const shares = repositoriesOf(all.map(({ study }) => study)).map((repository) => {
    const own = all.filter(({ study }) => study.repository === repository).flatMap(({ steps }) => steps);
    return own.filter(counts).length / Math.max(1, own.length);
  });
  return shares.length === 0 ? 0 : round(mean(shares), 4);
}

function countRepositories(studies: readonly PublicStudy[]): number {
  return repositoriesOf(studies).length;
}

function isKept({ outcome }: ExperimentStep): boolean {
  return outcome === 'kept';
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : round(part / whole, 4);
}
