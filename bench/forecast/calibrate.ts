/**
 * Whether what was forecast came true, on studies that the forecast was not fitted to.
 */
import { isBetter } from '../../src/core/base/metric.ts';
import { mean } from '../../src/core/statistics/moments.ts';
import { type ForecastFit, forecastOf } from '../../src/core/views/forecast/forecast.ts';
import { oddsOf } from '../../src/core/views/forecast/odds.ts';
import { gainOf, type StudyRecord, type Turn } from '../../src/core/views/forecast/study-record.ts';
import type { PublicStudy } from '../evidence/study.ts';
import { repositoriesOf } from '../evidence/tables.ts';
import { scoresOf } from './fit-forecast.ts';

/** A study, with who proposed what where only searches did. */
export type JudgedStudy = PublicStudy & { readonly turns?: readonly Turn[] };

/** What was said of one experiment before it, and whether it was kept. */
export interface Told {
  readonly repository: string;
  readonly chance: number;
  readonly isKept: boolean;
}

/** Says how likely an experiment of this number is kept, after what came of those before it and who proposed them. */
export type Teller = (number: number, kept: readonly boolean[], turns: readonly Turn[] | undefined) => number;

/** What a teller says of each experiment of these studies. */
export function tell(studies: readonly JudgedStudy[], teller: Teller): Told[] {
  return studies.flatMap(({ repository, experiments, turns }) => {
    const kept = experiments.map(({ outcome }) => outcome === 'kept');
    const chanceAt = (index: number) => teller(index + 1, kept.slice(0, index), turns?.slice(0, index));
    return kept.map((isKept, index) => ({ repository, chance: chanceAt(index), isKept }));
  });
}

/** The forecast as the program ships it; where it is not told who proposed, that for models and agents. */
export function forecastTeller(fit: ForecastFit): Teller {
  return (_, kept, turns) => oddsOf({ kept, ...(turns && { turns }) }, fit).chance;
}

/** Always the share of these studies' experiments that was kept. */
export function constantTeller(studies: readonly JudgedStudy[]): Teller {
  const rate = mean(tell(studies, () => 0).map(({ isKept }) => Number(isKept)));
  return () => rate;
}

/** First experiment of each span of `by-position.json`. */
const spans = [1, 6, 11, 21, 41, 81];

/** The share of these studies' experiments in the same span of numbers that was kept. */
export function positionTeller(studies: readonly JudgedStudy[]): Teller {
  const spanOf = (number: number) => spans.findLastIndex((first) => first <= number);
  const found = spans.map((_, span) =>
    tell(studies, (number) => spanOf(number))
      .filter(({ chance }) => chance === span)
      .map(({ isKept }) => Number(isKept)),
  );
  return (number) => mean(found[spanOf(number)] ?? []);
}

/** The mean squared distance of what was said from what came, each experiment and each repository once. */
export interface Brier {
  readonly experiments: number;
  readonly overRepositories: number;
}

export function brierOf(told: readonly Told[]): Brier {
  const byRepository = repositoriesOf(told).map((repository) =>
    mean(told.filter((each) => each.repository === repository).map(distance)),
  );
  return { experiments: mean(told.map(distance)), overRepositories: mean(byRepository) };
}

/** Repositories in which the first has the lower score. */
export function repositoriesWon(first: readonly Told[], other: readonly Told[]): number {
  return repositoriesOf(first).filter((repository) => {
    const own = (told: readonly Told[]) => mean(told.filter((each) => each.repository === repository).map(distance));
    return own(first) < own(other);
  }).length;
}

function distance({ chance, isKept }: Told): number {
  return (chance - Number(isKept)) ** 2;
}

/** Experiments of which about the same was said. */
export interface ReliabilityRow {
  readonly from: number;
  readonly to: number;
  readonly experiments: number;
  readonly repositories: number;
  readonly said: number;
  readonly came: number;
}

const bounds = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1];

export function reliabilityOf(told: readonly Told[]): ReliabilityRow[] {
  return bounds.slice(1).flatMap((to, index) => {
    const from = bounds[index] ?? 0;
    const own = told.filter(({ chance }) => chance >= from && chance < to);
    if (own.length === 0) return [];
    return [
      {
        from,
        to,
        experiments: own.length,
        repositories: repositoriesOf(own).length,
        said: mean(own.map(({ chance }) => chance)),
        came: mean(own.map(({ isKept }) => Number(isKept))),
      },
    ];
  });
}

/** How often what twenty more experiments brought lay in the spread that was told. */
export interface SpreadCheck {
  readonly forecasts: number;
  readonly repositories: number;
  readonly keepsInside: number;
  readonly gainBelow: number;
  readonly gainInside: number;
  readonly gainAbove: number;
  readonly gainAboveMedian: number;
}

/** Told before the first experiment and after every tenth one that twenty more follow. */
export function checkSpreads(studies: readonly JudgedStudy[], fit: ForecastFit): SpreadCheck {
  const checks = studies.flatMap((study) => {
    const starts = study.experiments.map((_, index) => index).filter((index) => index % 10 === 0);
    return starts
      .filter((start) => start + 20 <= study.experiments.length)
      .map((start) => ({ repository: study.repository, ...checkAt(study, start, fit) }));
  });
  const share = (counts: (check: (typeof checks)[number]) => boolean) =>
    mean(checks.map((check) => Number(counts(check))));
  return {
    forecasts: checks.length,
    repositories: repositoriesOf(checks).length,
    keepsInside: share(({ keeps, expected }) => keeps >= expected.keeps.low && keeps <= expected.keeps.high),
    gainBelow: share(({ gain, expected }) => gain < (expected.gain?.low ?? 0)),
    gainInside: share(({ gain, expected: { gain: told } }) => told !== null && gain >= told.low && gain <= told.high),
    gainAbove: share(({ gain, expected }) => gain > (expected.gain?.high ?? 0)),
    gainAboveMedian: share(({ gain, expected }) => gain > (expected.gain?.median ?? 0)),
  };
}

function checkAt(study: JudgedStudy, start: number, fit: ForecastFit) {
  const now = recordOf(study, start);
  const then = recordOf(study, start + 20);
  const count = (kept: readonly boolean[]) => kept.filter(Boolean).length;
  return {
    expected: forecastOf(now, fit).twenty,
    keeps: count(then.kept) - count(now.kept),
    gain: gainOf(then) - gainOf(now),
  };
}

/** The study after so many experiments; the best is the best that was kept. */
function recordOf(study: JudgedStudy, length: number): StudyRecord {
  const { goal, baseline, experiments, turns } = study;
  const done = experiments.slice(0, length);
  const best = done.reduce(
    (found, { outcome, value }) =>
      outcome === 'kept' && value !== null && isBetter(goal, value, found) ? value : found,
    baseline,
  );
  const { keptScores } = scoresOf({ ...study, experiments: done });
  return {
    metric: study.metric,
    goal,
    baseline,
    best,
    keptScores,
    kept: done.map(({ outcome }) => outcome === 'kept'),
    ...(turns && { turns: turns.slice(0, length) }),
  };
}
