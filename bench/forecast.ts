/**
 * The forecast against public ledgers: fitted to the choosing half of the repositories, judged on the other.
 */
import { z } from 'zod';
import { SettingsError } from '../src/core/base/errors.ts';
import type { ChanceFit } from '../src/core/views/forecast/chance.ts';
import { shippedFit } from '../src/core/views/forecast/shipped-fit.ts';
import { defineBench } from './bench.ts';
import { readStudies } from './evidence/studies.ts';
import type { Half, PublicStudy } from './evidence/study.ts';
import { repositoriesOf } from './evidence/tables.ts';
import {
  brierOf,
  checkSpreads,
  constantTeller,
  forecastTeller,
  positionTeller,
  type ReliabilityRow,
  reliabilityOf,
  repositoriesWon,
  type SpreadCheck,
  type Teller,
  type Told,
  tell,
} from './forecast/calibrate.ts';
import { boundedKeeps, fitForecast, scoresOf } from './forecast/fit-forecast.ts';
import { fitSearches, readSearches } from './forecast/searches.ts';
import { type BenchReport, round } from './report.ts';

/** `npm run bench -- forecast`. */
export const bench = defineBench('forecast', {
  summary:
    'whether what is forecast comes true in public ledgers --ledgers FOLDER --index FILE.tsv, or in studies of our own searches --searches FILE of bench search',
  flags: { ledgers: z.string().optional(), index: z.string().optional(), searches: z.string().optional() },
  measure: async ({ ledgers, index, searches }) => {
    if (searches !== undefined) return measureSearches(searches);
    if (ledgers !== undefined && index !== undefined) return measurePublic(ledgers, index);
    throw new SettingsError('bench forecast needs --ledgers and --index, or --searches');
  },
});

async function measurePublic(ledgers: string, index: string): Promise<BenchReport> {
  const { studies } = await readStudies(ledgers, index);
  const { choosing, judged } = halvesOf(studies);
  const fitted = fitRows(choosing);
  const scores = scoresOn(judged, choosing);
  const reliability = reliabilityOf(tell(judged, forecastTeller(shippedFit))).map(rounded);
  const spreads = rounded(checkSpreads(judged, shippedFit));
  return {
    figures: { fitted, judged: countsOf(judged), scores, reliability, spreads },
    table: [
      'fitted to the choosing half (src/data/evidence/forecast-fit.json has the rows that are shipped)',
      ...fitted.map((row) => `  ${JSON.stringify(row)}`),
      `the shipped forecast on the judged half: ${JSON.stringify(countsOf(judged))}`,
      'Brier score                 each experiment once   each repository once   repositories where the forecast is better',
      ...scores.map(
        ({ what, brier, brier_over_repos, repos_where_forecast_is_better }) =>
          `  ${what.padEnd(26)}${brier.toFixed(4).padEnd(23)}${brier_over_repos.toFixed(4).padEnd(23)}${repos_where_forecast_is_better ?? ''}`,
      ),
      ...reliabilityLines(reliability),
      spreadText(spreads),
    ],
  };
}

function halvesOf<Study extends PublicStudy>(studies: readonly Study[]) {
  const of = (wanted: Half) => studies.filter(({ half }) => half === wanted);
  return { choosing: of('choosing'), judged: of('judged') };
}

/** Objectives stand for repositories. */
function measureSearches(file: string): BenchReport {
  const studies = readSearches(file);
  const { choosing, judged } = halvesOf(studies);
  const fits = Object.entries(fitSearches(choosing)).map(([turn, fit]) => ({
    ...{ what: 'chance of a keep', turn, half: 'choosing', objectives: repositoriesOf(choosing).length },
    ...{
      studies: choosing.length,
      experiments: choosing.flatMap(({ turns }) => turns.filter((each) => each === turn)).length,
    },
    ...chanceCells(fit),
  }));
  const asPublic = judged.map(({ turns: _, ...study }) => study);
  const forecast = tell(judged, forecastTeller(shippedFit));
  const others: readonly (readonly [string, readonly Told[]])[] = [
    ['that of public studies', tell(asPublic, forecastTeller(shippedFit))],
    ['constant base rate', tell(judged, constantTeller(choosing))],
  ];
  const scores = [['forecast', forecast] as const, ...others].map(([of, told]) => ({
    of,
    brier: round(brierOf(told).experiments, 4),
  }));
  const reliability = reliabilityOf(forecast).map(rounded);
  const spreads = {
    now: rounded(checkSpreads(judged, shippedFit)),
    asPublic: rounded(checkSpreads(asPublic, shippedFit)),
  };
  return {
    figures: { fits, judged: countsOf(judged), scores, reliability, spreads },
    table: [
      'fitted to the choosing half (src/data/searches/forecast-fit.json has the rows that are shipped)',
      ...fits.map((row) => `  ${JSON.stringify(row)}`),
      `the shipped forecast on the judged half: ${JSON.stringify(countsOf(judged))}`,
      ...scores.map(({ of, brier }) => `  Brier score of ${of}: ${brier}`),
      ...reliabilityLines(reliability),
      spreadText(spreads.now),
      `as if a model proposed: ${spreadText(spreads.asPublic)}`,
    ],
  };
}

function reliabilityLines(reliability: readonly ReliabilityRow[]): string[] {
  return [
    'said      experiments  repositories  mean said  came true',
    ...reliability.map(
      ({ from, to, experiments, repositories, said, came }) =>
        `  ${`${from} to ${to}`.padEnd(12)}${String(experiments).padEnd(13)}${String(repositories).padEnd(14)}${said.toFixed(3).padEnd(11)}${came.toFixed(3)}`,
    ),
  ];
}

function chanceCells(chance: ChanceFit) {
  return {
    first_chance: round(chance.firstChance, 4),
    fall: round(chance.fall, 4),
    study_weight: chance.studyWeight,
    lately_weight: round(chance.latelyWeight, 3),
    memory: round(chance.memory, 4),
  };
}

/** The rows of forecast-fit.json for these studies. */
function fitRows(studies: readonly PublicStudy[]): object[] {
  const { chance, gain } = fitForecast(studies);
  const { repos, studies: count, experiments, keeps } = countsOf(studies);
  const bounded = boundedKeeps(studies);
  const counts = { half: 'choosing', repos, studies: count };
  return [
    {
      what: 'chance of a keep',
      ...counts,
      experiments,
      ...chanceCells(chance),
    },
    {
      what: 'gain of a keep',
      ...counts,
      keeps,
      first_log: round(gain.firstLog, 3),
      first_sd: round(gain.firstSd, 3),
      later_log: round(gain.laterLog, 3),
      later_fall: round(gain.laterFall, 3),
      study_sd: round(gain.studySd, 3),
      keep_sd: round(gain.keepSd, 3),
      most_later: gain.mostLater,
      later_keeps: bounded.later,
      later_keeps_above: bounded.above,
    },
  ];
}

function scoresOn(judged: readonly PublicStudy[], choosing: readonly PublicStudy[]) {
  const forecast = tell(judged, forecastTeller(shippedFit));
  const others: readonly (readonly [string, Teller])[] = [
    ['constant base rate', constantTeller(choosing)],
    ['by position alone', positionTeller(choosing)],
    ["constant, the judged half's", constantTeller(judged)],
    ["by position, judged half's", positionTeller(judged)],
  ];
  const scoreOf = (what: string, told: typeof forecast) => {
    const { experiments, overRepositories } = brierOf(told);
    return { what, brier: round(experiments, 4), brier_over_repos: round(overRepositories, 4) };
  };
  return [
    { ...scoreOf('forecast', forecast), repos_where_forecast_is_better: null },
    ...others.map(([what, teller]) => {
      const told = tell(judged, teller);
      return { ...scoreOf(what, told), repos_where_forecast_is_better: repositoriesWon(forecast, told) };
    }),
  ];
}

function countsOf(studies: readonly PublicStudy[]) {
  return {
    repos: repositoriesOf(studies).length,
    studies: studies.length,
    experiments: studies.reduce((sum, { experiments }) => sum + experiments.length, 0),
    keeps: studies.reduce((sum, study) => sum + scoresOf(study).keptScores.length, 0),
  };
}

function spreadText({ forecasts, repositories, ...shares }: SpreadCheck): string {
  const { keepsInside, gainBelow, gainInside, gainAbove, gainAboveMedian } = shares;
  return `twenty more experiments, ${forecasts} forecasts in ${repositories} repositories: keeps inside the interval ${keepsInside}; gain inside ${gainInside}, below ${gainBelow}, above ${gainAbove}, above the median ${gainAboveMedian}`;
}

function rounded<Row extends object>(row: Row): Row {
  const cells = Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? round(value, 4) : value]);
  return Object.fromEntries(cells) as Row;
}
